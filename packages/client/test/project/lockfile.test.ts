import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lockfile } from '@ebpm/schemas';
import { describe, expect, it } from 'vitest';
import { readLockfile, writeLockfile } from '../../src/project/lockfile.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const REGISTRY = 'https://hub.example.org';
const SAMPLE: Lockfile = {
  lockfile: 1,
  requires: { tool: '^1.0.0', '@acme/x': '*' },
  packages: {
    tool: { version: '1.2.0', digest: DIGEST, registry: REGISTRY, dependencies: { lib: '1' } },
    lib: { version: '1.0.0', digest: DIGEST, registry: REGISTRY },
    '@acme/x': { version: '2.0.0-rc.1', digest: DIGEST, registry: REGISTRY },
  },
};

function folderWith(text: string): string {
  const folder = temporaryHome();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ebpm.lock'), text);
  return folder;
}

describe('writeLockfile()', () => {
  it('writes what readLockfile() reads, the same bytes whatever the order', async () => {
    const folder = folderWith('');
    await writeLockfile(folder, SAMPLE);
    const text = readFileSync(join(folder, 'ebpm.lock'), 'utf8');
    expect(await readLockfile(folder)).toEqual(SAMPLE);
    const turned = Object.fromEntries(Object.entries(SAMPLE.packages).reverse());
    await writeLockfile(folder, { ...SAMPLE, packages: turned });
    expect(readFileSync(join(folder, 'ebpm.lock'), 'utf8')).toBe(text);
  });

  it('says so where it cannot write', async () => {
    await expect(writeLockfile('/proc/nowhere', SAMPLE)).rejects.toEqual(refused('EBPM_LOCKFILE_UNWRITABLE'));
  });
});

describe('readLockfile()', () => {
  it('gives undefined where there is none', async () => {
    expect(await readLockfile(temporaryHome())).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['a key that occurs twice', '{"lockfile":1,"lockfile":1,"requires":{},"packages":{}}'],
    ['another format', JSON.stringify({ ...SAMPLE, lockfile: 2 })],
    ['an unknown key', JSON.stringify({ ...SAMPLE, more: 1 })],
    ['a name that is none', JSON.stringify({ ...SAMPLE, packages: { '../x': SAMPLE.packages['lib'] } })],
    [
      'a version that climbs',
      JSON.stringify({ ...SAMPLE, packages: { x: { ...SAMPLE.packages['lib'], version: '../../x' } } }),
    ],
    ['a range that is none', JSON.stringify({ ...SAMPLE, requires: { tool: 'newest of all' } })],
    [
      'an address that is none',
      JSON.stringify({ ...SAMPLE, packages: { x: { ...SAMPLE.packages['lib'], registry: 'ftp://x' } } }),
    ],
  ])('refuses %s', async (_, text) => {
    await expect(readLockfile(folderWith(text))).rejects.toEqual(refused('EBPM_LOCKFILE_INVALID'));
  });

  it('refuses what is no file, what is too large, and what a check refuses', async () => {
    const folder = temporaryHome();
    mkdirSync(folder, { recursive: true });
    symlinkSync('/dev/zero', join(folder, 'ebpm.lock'));
    await expect(readLockfile(folder)).rejects.toEqual(refused('EBPM_LOCKFILE_INVALID', 'not a regular file'));
    const large = folderWith(' '.repeat(5_000_000));
    await expect(readLockfile(large)).rejects.toEqual(refused('EBPM_LOCKFILE_INVALID', 'more than'));
    const check = (): void => {
      throw new Error('it belongs to the user 7');
    };
    const reading = readLockfile(folderWith(JSON.stringify(SAMPLE)), check);
    await expect(reading).rejects.toEqual(refused('EBPM_LOCKFILE_INVALID', ': it belongs to the user 7'));
  });
});
