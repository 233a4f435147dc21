import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { generateKey, keyPath, parseKey, readKey, replaceKeyFile } from '../../src/publisher/key-files.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

describe('key files', () => {
  test('generateKey() makes a key that nobody else may read, and writes over none', async () => {
    const home = temporaryHome();
    const path = keyPath(home, 'default');
    const made = await generateKey(path);
    expect(path).toBe(join(home, 'keys/default.pem'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readKey(path)).toMatchObject({ id: made.id, publicKey: made.publicKey });
    const before = readFileSync(path);
    await expect(generateKey(path)).rejects.toEqual(refused('EBPM_KEY_FILE_EXISTS'));
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(join(home, 'keys'))).toEqual(['default.pem']);
    expect(await readKey(join(home, 'keys/none.pem'))).toBeUndefined();
  });

  test('replaceKeyFile() keeps the older key under its id', async () => {
    const home = temporaryHome();
    const [path, next] = [keyPath(home, 'ci'), `${keyPath(home, 'ci')}.next`];
    const [older, newer] = [await generateKey(path), await generateKey(next)];
    await replaceKeyFile(path, next, older);
    expect((await readKey(path))?.id).toBe(newer.id);
    expect((await readKey(keyPath(home, 'ci').replace('.pem', `.${older.id}.pem`)))?.id).toBe(older.id);
  });

  test.each<[string, (path: string) => void]>([
    ['that others may read', (path) => chmodSync(path, 0o644)],
    ['without a key', (path) => writeFileSync(path, 'no key')],
    [
      'with another kind of key',
      (path) =>
        writeFileSync(
          path,
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
        ),
    ],
    ['that is too large', (path) => writeFileSync(path, ' '.repeat(20_000))],
  ])('readKey() refuses a file %s', async (_, change) => {
    const path = keyPath(temporaryHome(), 'default');
    await generateKey(path);
    change(path);
    await expect(readKey(path)).rejects.toEqual(refused('EBPM_KEY_FILE_UNUSABLE'));
  });

  test('keyPath() takes a path as it is, and refuses what is no name', () => {
    expect(keyPath('/home', './ci.pem')).toBe('./ci.pem');
    for (const name of ['', '..', 'a b', 'A']) {
      expect(() => keyPath('/home', name)).toThrow(refused('EBPM_KEY_FILE_UNUSABLE'));
    }
  });

  test('parseKey() does not quote what it was given', () => {
    const secret = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
    const failure = (() => {
      try {
        return parseKey(secret, 'EBPM_SIGNING_KEY');
      } catch (error) {
        return error as Error;
      }
    })();
    expect(failure).toMatchObject({ code: 'EBPM_KEY_FILE_UNUSABLE' });
    expect(inspect(failure, { depth: null })).not.toContain('c2VjcmV0');
  });
});
