import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, parseSpec } from '@ebpm/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { pruneStore } from '../src/cache/prune-store.js';
import { Installed, type NamedSpec } from '../src/installed.js';
import { Store } from '../src/store.js';
import { uninstallPackage } from '../src/uninstall-package.js';
import { refused } from './refused.js';
import { replaceRecord, STORED_ARCHIVE, storedArchive, storedRecord } from './stored-version.js';
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

const OTHER_ARCHIVE = Buffer.from('another archive');
const OTHER_DIGEST = digestOf(OTHER_ARCHIVE);

/** What was chosen for a package that depends on one version of what is stored. */
function neededLockfile(name: string, version: string) {
  const registry = 'https://hub.example';
  const packages = { [name]: { version, digest: digestOf(STORED_ARCHIVE), registry } };
  return { lockfile: 1, requires: { [name]: version }, packages };
}

const uninstall = (text: string) => uninstallPackage(parseSpec(text) as NamedSpec, home);

describe('uninstallPackage()', () => {
  test('uninstallPackage() removes all versions of a name, and leaves nothing of it but the archive', async () => {
    expect(await uninstall('sigsnoop')).toEqual({ removed: ['2.0.0-rc.1', '1.1.0', '1.0.0'], kept: [] });
    expect(readdirSync(join(home, 'installed'))).toEqual([]);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(existsSync(storedArchive(home))).toBe(true);
  });

  test('uninstallPackage() lets the name stand for the highest stable version that is left', async () => {
    expect(await uninstall('sigsnoop@1.1.0')).toEqual({ removed: ['1.1.0'], kept: [] });
    const installed = new Installed(home);
    expect(await installed.current('sigsnoop')).toBe('1.0.0');
    await uninstall('sigsnoop@^1');
    expect(await installed.current('sigsnoop')).toBe('2.0.0-rc.1');
  });

  test('uninstallPackage() removes the version of a tag', async () => {
    expect(await uninstall('sigsnoop@next')).toEqual({ removed: ['2.0.0-rc.1'], kept: [] });
    expect(await new Installed(home).current('sigsnoop')).toBe('1.1.0');
  });

  test('uninstallPackage() removes a version whose record is damaged', async () => {
    replaceRecord(home, 'damaged');
    expect(await uninstall('sigsnoop@1.0.0')).toEqual({ removed: ['1.0.0'], kept: [] });
  });

  test('uninstallPackage() leaves what something else needs, until that is gone; prune then takes it', async () => {
    const store = new Store(home);
    const needs = neededLockfile('sigsnoop', '1.1.0');
    for (const version of ['1.0.0', '2.0.0-rc.1']) await store.remove('sigsnoop', version);
    await store.install(storedRecord({ name: 'app', version: '1.0.0', needs, digest: OTHER_DIGEST }), OTHER_ARCHIVE);
    expect(await uninstall('sigsnoop')).toEqual({
      removed: [],
      kept: [{ version: '1.1.0', neededBy: ['app@1.0.0'] }],
    });
    expect(await new Installed(home).version('sigsnoop', '1.1.0')).toMatchObject({ forProject: true });
    expect((await pruneStore(home)).removed).toEqual([]);
    expect(await uninstall('app')).toEqual({ removed: ['1.0.0'], kept: [] });
    expect((await pruneStore(home)).removed.map(({ what }) => what)).toContain('sigsnoop@1.1.0');
    expect(await new Installed(home).names()).toEqual([]);
  });

  test.each(['other', 'sigsnoop@^3', 'sigsnoop@beta'])(
    'uninstallPackage() refuses %s, which is not installed',
    async (text) => {
      await expect(uninstall(text)).rejects.toEqual(refused('EBPM_NOT_INSTALLED'));
    },
  );
});
