import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/consent/policy-file.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

const ME = process.geteuid?.() ?? 0;

function written(content: unknown, mode = 0o644): string {
  const path = join(temporaryHome(), 'policy.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

const read = (path: string, isSystem = true, owners = [ME]) => readPolicy({ path, isSystem, owners });

describe('readPolicy()', () => {
  test('readPolicy() finds none, and reads one with its rules', async () => {
    expect(await read(join(temporaryHome(), 'policy.json'))).toBe(undefined);
    const path = written({
      policy: 1,
      default: 'deny',
      deny: [{ registries: ['https://Hub.Example/'], reason: 'old' }],
    });
    expect(await read(path)).toEqual({
      policy: 1,
      default: 'deny',
      allow: [],
      deny: [{ registries: ['https://hub.example'], reason: 'old' }],
      path,
      isSystem: true,
    });
  });

  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['a key twice', '{"policy":1,"deny":[{"names":["a"]}],"deny":[]}', 'it is not JSON'],
    ['no version', {}, 'policy'],
    ['a key that nobody knows', { policy: 1, denied: [] }, 'denied'],
    ['a rule about everything', { policy: 1, deny: [{}] }, 'deny[0]'],
    ['a rule with a reason alone', { policy: 1, allow: [{ reason: 'why not' }] }, 'does not say what it is about'],
    ['an empty list', { policy: 1, deny: [{ names: [] }] }, 'deny[0].names'],
    ['a class that nobody knows', { policy: 1, deny: [{ permissions: ['reads-minds'] }] }, '"reads-minds"'],
    [
      'a class that is not asked for',
      { policy: 1, allow: [{ permissions: ['sees-file-paths'] }] },
      '"sees-file-paths"',
    ],
    ['a digest that is none', { policy: 1, deny: [{ digests: ['sha256:00'] }] }, 'deny[0].digests[0]'],
    ['an address that is none', { policy: 1, deny: [{ registries: ['https://'] }] }, 'https://'],
  ])('readPolicy() refuses one with %s, and does not pass it over', async (_, content, reason) => {
    await expect(read(written(content))).rejects.toEqual(refused('EBPM_POLICY_UNUSABLE', reason));
  });

  test.each([
    ['trustProjects', { trustProjects: false }],
    ['audit', { audit: 'required' }],
  ])('readPolicy() refuses %s in that of a project', async (_, more) => {
    await expect(read(written({ policy: 1, ...more }), false)).rejects.toEqual(refused('EBPM_POLICY_UNUSABLE'));
  });

  test('readPolicy() refuses what another could have written', async () => {
    const path = written({ policy: 1 });
    await expect(read(path, true, [ME + 1])).rejects.toEqual(refused('EBPM_POLICY_UNUSABLE', `the user ${ME}`));
    for (const mode of [0o664, 0o646]) {
      await expect(read(written({ policy: 1 }, mode))).rejects.toEqual(refused('EBPM_POLICY_UNUSABLE', 'its mode is'));
    }
    expect(await read(written({ policy: 1 }, 0o664), false)).toMatchObject({ policy: 1 });
    await expect(read(written({ policy: 1 }, 0o646), false)).rejects.toEqual(refused('EBPM_POLICY_UNUSABLE'));
  });

  test('readPolicy() waits for nobody and reads no more than a policy can have', async () => {
    const folder = temporaryHome();
    symlinkSync('/dev/zero', join(folder, 'zero'));
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'large'), ' '.repeat(1024 * 1024 + 1));
    for (const name of ['zero', 'folder', 'large']) {
      await expect(read(join(folder, name))).rejects.toEqual(refused('EBPM_POLICY_UNUSABLE'));
    }
  });
});
