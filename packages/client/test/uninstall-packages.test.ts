import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, parseSpec } from '@ebpm/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { pruneStore } from '../src/cache/prune-store.js';
import { Installed, type NamedSpec } from '../src/installed.js';
import { Store } from '../src/store.js';
import { uninstallPackages } from '../src/uninstall-packages.js';
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

const uninstall = (...texts: readonly string[]) =>
  uninstallPackages(
    texts.map((text) => parseSpec(text) as NamedSpec),
    home,
  );

describe('uninstallPackages()', () => {
  test('uninstallPackages() removes all versions of a name, and leaves nothing of it but the archive', async () => {
    expect(await uninstall('sigsnoop')).toEqual([
      { name: 'sigsnoop', removed: ['2.0.0-rc.1', '1.1.0', '1.0.0'], kept: [] },
    ]);
    expect(readdirSync(join(home, 'installed'))).toEqual([]);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(existsSync(storedArchive(home))).toBe(true);
  });

  test('uninstallPackages() lets the name stand for the highest stable version that is left', async () => {
    expect(await uninstall('sigsnoop@1.1.0')).toMatchObject([{ removed: ['1.1.0'], kept: [] }]);
    const installed = new Installed(home);
    expect(await installed.current('sigsnoop')).toBe('1.0.0');
    await uninstall('sigsnoop@^1');
    expect(await installed.current('sigsnoop')).toBe('2.0.0-rc.1');
  });

  test('uninstallPackages() removes the version of a tag', async () => {
    expect(await uninstall('sigsnoop@next')).toMatchObject([{ removed: ['2.0.0-rc.1'], kept: [] }]);
    expect(await new Installed(home).current('sigsnoop')).toBe('1.1.0');
  });

  test('uninstallPackages() removes a version whose record is damaged', async () => {
    replaceRecord(home, 'damaged');
    expect(await uninstall('sigsnoop@1.0.0')).toMatchObject([{ removed: ['1.0.0'], kept: [] }]);
  });

  test('uninstallPackages() leaves what something else needs, until that is gone; prune then takes it', async () => {
    const store = new Store(home);
    const needs = neededLockfile('sigsnoop', '1.1.0');
    for (const version of ['1.0.0', '2.0.0-rc.1']) await store.remove('sigsnoop', version);
    await store.install(storedRecord({ name: 'app', version: '1.0.0', needs, digest: OTHER_DIGEST }), OTHER_ARCHIVE);
    expect(await uninstall('sigsnoop')).toEqual([
      { name: 'sigsnoop', removed: [], kept: [{ version: '1.1.0', neededBy: ['app@1.0.0'] }] },
    ]);
    expect(await new Installed(home).version('sigsnoop', '1.1.0')).toMatchObject({ forProject: true });
    expect((await pruneStore(home)).removed).toEqual([]);
    expect(await uninstall('app')).toMatchObject([{ removed: ['1.0.0'], kept: [] }]);
    expect((await pruneStore(home)).removed.map(({ what }) => what)).toContain('sigsnoop@1.1.0');
    expect(await new Installed(home).names()).toEqual([]);
  });

  test('uninstallPackages() removes several at once, also what one of them needs of another', async () => {
    const store = new Store(home);
    const needs = neededLockfile('sigsnoop', '1.1.0');
    await store.install(storedRecord({ name: 'app', version: '1.0.0', needs, digest: OTHER_DIGEST }), OTHER_ARCHIVE);
    expect(await uninstall('sigsnoop@1.0.0', 'app', 'sigsnoop@^1', 'app')).toEqual([
      { name: 'sigsnoop', removed: ['1.1.0', '1.0.0'], kept: [] },
      { name: 'app', removed: ['1.0.0'], kept: [] },
    ]);
    const here = new Installed(home);
    expect([await here.names(), await here.current('sigsnoop')]).toEqual([['sigsnoop'], '2.0.0-rc.1']);
  });

  test.each(['other', 'sigsnoop@^3', 'sigsnoop@beta'])(
    'uninstallPackages() removes nothing at all where %s is not installed, and names it',
    async (text) => {
      const before = readdirSync(join(home, 'installed'));
      const message = `Cannot uninstall "${text.replace(/@.*/, '')}"`;
      await expect(uninstall('sigsnoop@1.0.0', text, 'sigsnoop')).rejects.toEqual(
        refused('EBPM_NOT_INSTALLED', message),
      );
      expect(readdirSync(join(home, 'installed'))).toEqual(before);
      expect(await new Installed(home).current('sigsnoop')).toBe('1.1.0');
    },
  );

  test.each(['other', 'sigsnoop@^3', 'sigsnoop@beta'])(
    'uninstallPackages() refuses %s, which is not installed',
    async (text) => {
      await expect(uninstall(text)).rejects.toEqual(refused('EBPM_NOT_INSTALLED'));
    },
  );
});
