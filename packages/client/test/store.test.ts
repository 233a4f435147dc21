import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Installed } from '../src/installed.js';
import { Store } from '../src/store.js';
import { refused } from './refused.js';
import { STORED_FILES, storedContents, storedRecord } from './stored-version.js';
import { temporaryHome } from './temporary-home.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('Store', () => {
  test('Store.install() writes what Installed reads', async () => {
    const home = join(temporaryHome(), 'new');
    await new Store(home).install(storedRecord(), STORED_FILES);
    const installed = new Installed(home);
    expect(await installed.names()).toEqual(['sigsnoop']);
    expect(await installed.versions('sigsnoop')).toEqual([storedRecord()]);
    expect(text(await installed.entryBytes(storedRecord()))).toBe('entry');
    expect(readFileSync(join(storedContents(home), 'include/deep/x.h'), 'utf8')).toBe('x');
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
  });

  test('Store.install() may run twice at once', async () => {
    const home = temporaryHome();
    await Promise.all(Array.from({ length: 8 }, () => new Store(home).install(storedRecord(), STORED_FILES)));
    expect(text(await new Installed(home).entryBytes(storedRecord()))).toBe('entry');
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(readdirSync(join(home, 'installed/sigsnoop'))).toEqual(['1.0.0.json']);
  });

  test('Store.install() repairs files that were changed, and removes what was added', async () => {
    const home = temporaryHome();
    const store = new Store(home);
    await store.install(storedRecord(), STORED_FILES);
    writeFileSync(join(storedContents(home), 'package.json'), 'other');
    await store.install(storedRecord(), STORED_FILES);
    expect(text(await new Installed(home).entryBytes(storedRecord()))).toBe('entry');
    rmSync(join(storedContents(home), 'package.json'));
    mkdirSync(join(storedContents(home), 'package.json'));
    await store.install(storedRecord(), STORED_FILES);
    expect(text(await new Installed(home).entryBytes(storedRecord()))).toBe('entry');
  });

  test('Store.install() that fails while it writes leaves nothing installed and no rest', async () => {
    const home = temporaryHome();
    // A file where a folder has to be: the second file cannot be written.
    const files = [...STORED_FILES, { path: 'package.json/below', bytes: Buffer.from('x') }];
    await expect(new Store(home).install(storedRecord(), files)).rejects.toEqual(refused('EBPM_STORE_UNWRITABLE'));
    expect(await new Installed(home).names()).toEqual([]);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(existsSync(storedContents(home))).toBe(false);
  });

  test('Store.install() that cannot write the record leaves the version not installed', async () => {
    const home = temporaryHome();
    writeFileSync(join(home, 'installed'), 'in the way');
    await expect(new Store(home).install(storedRecord(), STORED_FILES)).rejects.toMatchObject({
      code: 'EBPM_STORE_UNWRITABLE',
      data: { path: join(home, 'installed/sigsnoop') },
    });
    expect(await new Installed(home).version('sigsnoop', '1.0.0')).toBeUndefined();
  });

  test('Store.install() removes what a crash left, once it is a day old', async () => {
    const home = temporaryHome();
    const [old, young] = [join(home, 'packages/tmp/old'), join(home, 'packages/tmp/young')];
    for (const folder of [old, young]) mkdirSync(join(folder, 'deep'), { recursive: true });
    utimesSync(old, 0, Date.now() / 1000 - 90_000);
    await new Store(home).install(storedRecord(), STORED_FILES);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  test('Store keeps the record that a name stands for, and forgets a package', async () => {
    const home = temporaryHome();
    const [store, installed] = [new Store(home), new Installed(home)];
    await store.install(storedRecord(), STORED_FILES);
    expect(await installed.current('sigsnoop')).toBeUndefined();
    await store.makeCurrent('sigsnoop', '1.0.0');
    expect(await installed.current('sigsnoop')).toBe('1.0.0');
    await store.removeRecord('sigsnoop', '1.0.0');
    await store.removeContents(storedRecord().digest);
    await store.forget('sigsnoop');
    expect(await installed.names()).toEqual([]);
    expect(readdirSync(join(home, 'installed'))).toEqual([]);
    expect(existsSync(storedContents(home))).toBe(false);
  });

  test('Store makes files that others can read and not write', async () => {
    const home = temporaryHome();
    await new Store(home).install(storedRecord(), STORED_FILES);
    expect(statSync(join(storedContents(home), 'package.json')).mode & 0o022).toBe(0);
  });

  test.each(['../x', 'x/../../y', '/etc/passwd', '', '@a/../b'])('Store refuses the name "%s"', async (name) => {
    await expect(new Store(temporaryHome()).makeCurrent(name, '1.0.0')).rejects.toEqual(refused('EBPM_NAME_INVALID'));
  });

  test('Store refuses versions and digests that would leave their folder', async () => {
    const store = new Store(temporaryHome());
    await expect(store.removeRecord('x', '../../1.0.0')).rejects.toEqual(refused('EBPM_VERSION_INVALID'));
    await expect(store.removeContents('sha256:../..')).rejects.toEqual(refused('EBPM_DIGEST_INVALID'));
  });
});
