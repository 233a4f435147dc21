import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forgetRegistry, readRegistries, rememberRegistry } from '../src/registries.js';
import { refused } from './refused.js';
import { temporaryHome } from './temporary-home.js';

const A = 'https://a.example';
const B = 'https://b.example';
const fileIn = (home: string) => join(home, 'registries.json');
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function write(home: string, text: string, mode = 0o600): void {
  writeFileSync(fileIn(home), text);
  chmodSync(fileIn(home), mode);
}

describe('registries', () => {
  test('readRegistries() finds nothing in a new home', async () => {
    expect(await readRegistries(temporaryHome())).toEqual({ tokens: {} });
  });

  test('rememberRegistry() keeps tokens with mode 600; the first registry is the default', async () => {
    const home = join(temporaryHome(), 'new');
    await rememberRegistry(home, A, 'ta');
    await rememberRegistry(home, B, 'tb');
    await rememberRegistry(home, A, 'ta2');
    expect(await readRegistries(home)).toEqual({ default: A, tokens: { [A]: 'ta2', [B]: 'tb' } });
    expect(modeOf(fileIn(home))).toBe('600');
    expect(readdirSync(home)).toEqual(['registries.json']);
  });

  test('rememberRegistry() keeps a registry for a scope alone, and forgetRegistry() forgets it', async () => {
    const home = temporaryHome();
    await rememberRegistry(home, A, 'ta', '@acme');
    await rememberRegistry(home, B, 'tb');
    expect(await readRegistries(home)).toEqual({
      default: B,
      tokens: { [A]: 'ta', [B]: 'tb' },
      scopes: { '@acme': A },
    });
    expect(await forgetRegistry(home, A)).toBe(true);
    expect(await readRegistries(home)).toEqual({ default: B, tokens: { [B]: 'tb' } });
  });

  test('rememberRegistry() gives mode 600 to a file that had another one', async () => {
    const home = temporaryHome();
    write(home, '{"tokens":{}}', 0o666);
    await rememberRegistry(home, A, 'ta');
    expect(modeOf(fileIn(home))).toBe('600');
  });

  test('forgetRegistry() forgets the token and the default, and says whether there was a token', async () => {
    const home = temporaryHome();
    await rememberRegistry(home, A, 'ta');
    await rememberRegistry(home, B, 'tb');
    expect(await forgetRegistry(home, A)).toBe(true);
    expect(await readRegistries(home)).toEqual({ tokens: { [B]: 'tb' } });
    expect(await forgetRegistry(home, A)).toBe(false);
    expect(await forgetRegistry(temporaryHome(), A)).toBe(false);
  });

  test.each([0o644, 0o640, 0o604, 0o620, 0o602])('readRegistries() refuses a file with mode %o', async (mode) => {
    const home = temporaryHome();
    write(home, '{"tokens":{}}', mode);
    await expect(readRegistries(home)).rejects.toMatchObject({
      code: 'EBPM_CREDENTIALS_UNUSABLE',
      hint: expect.stringContaining(`chmod 600 ${fileIn(home)}`),
    });
  });

  test.skipIf(process.geteuid?.() !== 0)('readRegistries() refuses a file of another user', async () => {
    const home = temporaryHome();
    write(home, '{"tokens":{}}');
    chownSync(fileIn(home), 65534, 65534);
    await expect(readRegistries(home)).rejects.toEqual(
      refused('EBPM_CREDENTIALS_UNUSABLE', 'belongs to the user 65534'),
    );
    await expect(rememberRegistry(home, A, 'x')).rejects.toEqual(refused('EBPM_CREDENTIALS_UNUSABLE'));
  });

  test.each([
    '',
    '[]',
    'null',
    '{"tokens":{"a":1}}',
    '{"tokens":[],"default":7}',
    '{"tokens":{},"scopes":7}',
    '{"tokens":{},"scopes":{"@a":1}}',
    '{"tokens":{}',
  ])('readRegistries() refuses a file with %j, and does not quote it', async (text) => {
    const home = temporaryHome();
    write(home, text);
    const reading = readRegistries(home).then(({ tokens }) => Object.keys(tokens));
    if (text === '[]') return expect(reading).rejects.toEqual(refused('EBPM_CREDENTIALS_UNUSABLE', 'no "tokens"'));
    return expect(reading).rejects.toEqual(refused('EBPM_CREDENTIALS_UNUSABLE', fileIn(home)));
  });

  test('readRegistries() refuses what is no regular file', async () => {
    const [home, linked] = [temporaryHome(), temporaryHome()];
    mkdirSync(fileIn(home));
    symlinkSync('/dev/zero', fileIn(linked));
    for (const one of [home, linked]) {
      await expect(readRegistries(one)).rejects.toEqual(refused('EBPM_CREDENTIALS_UNUSABLE', 'not a regular file'));
    }
  });

  test('rememberRegistry() leaves the file as it was when it cannot be read', async () => {
    const home = temporaryHome();
    write(home, 'not JSON');
    await expect(rememberRegistry(home, A, 'ta')).rejects.toEqual(refused('EBPM_CREDENTIALS_UNUSABLE', 'not JSON'));
    expect(readFileSync(fileIn(home), 'utf8')).toBe('not JSON');
  });
});
