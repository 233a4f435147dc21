import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf, parseSpec } from '@ebpm/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { Installed, type NamedSpec } from '../src/installed.js';
import { Store } from '../src/store.js';
import { uninstallPackage } from '../src/uninstall-package.js';
import { refused } from './refused.js';
import { temporaryHome } from './temporary-home.js';

const FILES = [{ path: 'package.json', bytes: Buffer.from('entry') }];
const [SHARED, OWN]: readonly Digest[] = [`sha256:${'ab'.repeat(32)}`, `sha256:${'cd'.repeat(32)}`];

let home: string;

beforeEach(async () => {
  home = temporaryHome();
  const store = new Store(home);
  const versions = { '1.0.0': SHARED, '1.1.0': SHARED, '2.0.0-rc.1': OWN } as const;
  for (const [version, digest = SHARED as Digest] of Object.entries(versions)) {
    const record = {
      name: 'sigsnoop',
      version,
      digest,
      registry: 'https://a.example',
      ...(version.includes('rc') ? { tag: 'next' } : {}),
      entry: { path: 'package.json', digest: digestOf(Buffer.from('entry')) },
      installedAt: '2026-01-02T03:04:05.000Z',
    };
    await store.install(record, FILES);
  }
  await store.makeCurrent('sigsnoop', '1.1.0');
});

const uninstall = (text: string) => uninstallPackage(parseSpec(text) as NamedSpec, home);
const folderOf = (hex: string) => join(home, 'packages/sha256', hex, hex.repeat(31));

describe('uninstallPackage()', () => {
  test('uninstallPackage() removes all versions of a name, and leaves nothing of it', async () => {
    expect(await uninstall('sigsnoop')).toEqual(['2.0.0-rc.1', '1.1.0', '1.0.0']);
    expect(readdirSync(join(home, 'installed'))).toEqual([]);
    expect([existsSync(folderOf('ab')), existsSync(folderOf('cd'))]).toEqual([false, false]);
  });

  test('uninstallPackage() keeps files that another version has, and lets the name stand for the highest stable one', async () => {
    expect(await uninstall('sigsnoop@1.1.0')).toEqual(['1.1.0']);
    const installed = new Installed(home);
    expect(await installed.current('sigsnoop')).toBe('1.0.0');
    expect(existsSync(folderOf('ab'))).toBe(true);
    await uninstall('sigsnoop@^1');
    expect(await installed.current('sigsnoop')).toBe('2.0.0-rc.1');
    expect(existsSync(folderOf('ab'))).toBe(false);
  });

  test('uninstallPackage() removes the version of a tag', async () => {
    expect(await uninstall('sigsnoop@next')).toEqual(['2.0.0-rc.1']);
    expect(await new Installed(home).current('sigsnoop')).toBe('1.1.0');
  });

  test('uninstallPackage() removes a version whose record is damaged', async () => {
    writeFileSync(join(home, 'installed/sigsnoop/1.0.0.json'), 'damaged');
    expect(await uninstall('sigsnoop@1.0.0')).toEqual(['1.0.0']);
  });

  test.each(['other', 'sigsnoop@^3', 'sigsnoop@beta'])(
    'uninstallPackage() refuses %s, which is not installed',
    async (text) => {
      await expect(uninstall(text)).rejects.toEqual(refused('EBPM_NOT_INSTALLED'));
    },
  );
});
