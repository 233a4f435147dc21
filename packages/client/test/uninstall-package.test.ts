import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpec } from '@ebpm/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { Installed, type NamedSpec } from '../src/installed.js';
import { Store } from '../src/store.js';
import { uninstallPackage } from '../src/uninstall-package.js';
import { refused } from './refused.js';
import { STORED_ARCHIVE, storedArchive, storedRecord } from './stored-version.js';
import { temporaryHome } from './temporary-home.js';

let home: string;

beforeEach(async () => {
  home = temporaryHome();
  const store = new Store(home);
  for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1']) {
    const tag = version.includes('rc') ? { tag: 'next' } : {};
    await store.install(storedRecord({ version, ...tag }), STORED_ARCHIVE);
  }
  await store.makeCurrent('sigsnoop', '1.1.0');
});

const uninstall = (text: string) => uninstallPackage(parseSpec(text) as NamedSpec, home);

describe('uninstallPackage()', () => {
  test('uninstallPackage() removes all versions of a name, and leaves nothing of it but the archive', async () => {
    expect(await uninstall('sigsnoop')).toEqual(['2.0.0-rc.1', '1.1.0', '1.0.0']);
    expect(readdirSync(join(home, 'installed'))).toEqual([]);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(existsSync(storedArchive(home))).toBe(true);
  });

  test('uninstallPackage() lets the name stand for the highest stable version that is left', async () => {
    expect(await uninstall('sigsnoop@1.1.0')).toEqual(['1.1.0']);
    const installed = new Installed(home);
    expect(await installed.current('sigsnoop')).toBe('1.0.0');
    await uninstall('sigsnoop@^1');
    expect(await installed.current('sigsnoop')).toBe('2.0.0-rc.1');
  });

  test('uninstallPackage() removes the version of a tag', async () => {
    expect(await uninstall('sigsnoop@next')).toEqual(['2.0.0-rc.1']);
    expect(await new Installed(home).current('sigsnoop')).toBe('1.1.0');
  });

  test('uninstallPackage() removes a version whose record is damaged', async () => {
    writeFileSync(join(home, 'installed/sigsnoop/1.0.0/record.json'), 'damaged');
    expect(await uninstall('sigsnoop@1.0.0')).toEqual(['1.0.0']);
  });

  test.each(['other', 'sigsnoop@^3', 'sigsnoop@beta'])(
    'uninstallPackage() refuses %s, which is not installed',
    async (text) => {
      await expect(uninstall(text)).rejects.toEqual(refused('EBPM_NOT_INSTALLED'));
    },
  );
});
