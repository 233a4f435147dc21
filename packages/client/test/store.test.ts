import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ArchiveStore } from '../src/archive-store.js';
import type { CheckedBy } from '../src/checked-by.js';
import { Installed, type InstalledVersion } from '../src/installed.js';
import { Store } from '../src/store.js';
import { joinVersionFile } from '../src/version-file.js';
import { refused } from './refused.js';
import { samplePackage } from './sample-package.js';
import { replaceRecord, STORED_ARCHIVE, storedArchive, storedPackage, storedRecord } from './stored-version.js';
import { temporaryHome } from './temporary-home.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const install = (home: string) => new Store(home).install(storedRecord(), STORED_ARCHIVE);

describe('Store', () => {
  test('Store.install() writes what Installed reads, and has the archive once', async () => {
    const home = join(temporaryHome(), 'new');
    await install(home);
    const installed = new Installed(home);
    expect(await installed.names()).toEqual(['sigsnoop']);
    expect(await installed.versions('sigsnoop')).toEqual([storedRecord()]);
    expect(text(await installed.entryBytes(storedRecord()))).toBe('entry');
    expect(statSync(storedPackage(home)).ino).toBe(statSync(storedArchive(home)).ino);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
  });

  test('Installed.openEntry() reads the archive once, and looks at all of it only when it is asked for', async () => {
    const home = temporaryHome();
    await install(home);
    const entry = await new Installed(home).openEntry(storedRecord());
    rmSync(storedPackage(home));
    expect(text(entry.bytes)).toBe('entry');
    expect(Buffer.compare(entry.archive(), STORED_ARCHIVE)).toBe(0);

    // A file that is no part of the entry.
    const at = Buffer.from(STORED_ARCHIVE).indexOf('{}');
    const changed = Uint8Array.from(STORED_ARCHIVE);
    changed[at] = 0x5b;
    writeFileSync(storedPackage(home), joinVersionFile(changed, JSON.stringify(storedRecord())));
    const other = await new Installed(home).openEntry(storedRecord());
    expect(text(other.bytes)).toBe('entry');
    expect(() => other.archive()).toThrow(refused('EBPM_STORE_DAMAGED', 'sigsnoop@1.0.0') as Error);
    await expect(new Installed(home).wholeArchive(storedRecord())).rejects.toThrow(
      refused('EBPM_STORE_DAMAGED', 'sigsnoop@1.0.0') as Error,
    );
  });

  test('Store.install() may run many times at once', async () => {
    const home = temporaryHome();
    await Promise.all(Array.from({ length: 8 }, () => install(home)));
    expect(text(await new Installed(home).entryBytes(storedRecord()))).toBe('entry');
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(readdirSync(join(home, 'installed'))).toEqual(['sigsnoop@1.0.0.tar']);
  });

  test('Store.install() repairs what was changed, is gone, or is no file', async () => {
    const home = temporaryHome();
    await install(home);
    const damages = [
      () => writeFileSync(storedPackage(home), 'other'),
      () => replaceRecord(home, '{}'),
      () => rmSync(storedPackage(home)),
      () => {
        rmSync(storedPackage(home));
        mkdirSync(join(storedPackage(home), 'deep'), { recursive: true });
      },
    ];
    for (const damage of damages) {
      damage();
      await install(home);
      expect(text(await new Installed(home).entryBytes(storedRecord()))).toBe('entry');
      expect(await new ArchiveStore(home).read(storedRecord().digest)).toBeDefined();
    }
  });

  test('Store.install() takes the place of an archive that was only downloaded; it frees nothing until the version is removed', async () => {
    const home = temporaryHome();
    const archives = new ArchiveStore(home);
    await archives.write(storedRecord().digest, STORED_ARCHIVE);
    await install(home);
    expect(statSync(storedPackage(home)).ino).toBe(statSync(storedArchive(home)).ino);
    expect(await archives.read(storedRecord().digest)).toEqual(Buffer.from(STORED_ARCHIVE));
    expect(await archives.freedBytes(storedRecord().digest)).toBe(0);
    await new Store(home).remove('sigsnoop', '1.0.0');
    expect(await archives.freedBytes(storedRecord().digest)).toBe(statSync(storedArchive(home)).size);
  });

  test('Store.install() that fails while it writes leaves nothing installed and no rest', async () => {
    const home = temporaryHome();
    mkdirSync(join(home, 'packages'));
    writeFileSync(join(home, 'packages/sha256'), 'in the way');
    await expect(install(home)).rejects.toEqual(refused('EBPM_STORE_UNWRITABLE'));
    expect(await new Installed(home).names()).toEqual([]);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
  });

  test('Store.install() that cannot give the version its name leaves it not installed', async () => {
    const home = temporaryHome();
    writeFileSync(join(home, 'installed'), 'in the way');
    await expect(install(home)).rejects.toMatchObject({
      code: 'EBPM_STORE_UNWRITABLE',
      data: { path: join(home, 'installed') },
    });
    expect(await new Installed(home).version('sigsnoop', '1.0.0')).toBeUndefined();
  });

  describe('Store.putBack()', () => {
    const by: CheckedBy = { ebpm: '0.1.0', arch: 'x86_64', facts: 1, table: 1 };
    const { name, version, digest, registry } = storedRecord();
    const wanted = { name, version, digest, registry, by };
    const checked = storedRecord({ forProject: true, checked: by });
    const yes = async () => true;

    /** Installed once, and taken away again. */
    async function removed(home: string, record: InstalledVersion = checked): Promise<Store> {
      const store = new Store(home);
      await store.install(record, STORED_ARCHIVE);
      rmSync(join(home, 'installed'), { recursive: true });
      return store;
    }

    test('Store.putBack() installs again what was, as the same files', async () => {
      const home = temporaryHome();
      const store = await removed(home);
      expect(await store.putBack(wanted, yes)).toEqual(checked);
      expect(await new Installed(home).version(name, version)).toEqual(checked);
      expect(text(await new Installed(home).entryBytes(checked))).toBe('entry');
      expect(statSync(storedPackage(home)).ino).toBe(statSync(storedArchive(home)).ino);
      expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    });

    test.each([
      ['another registry', { ...wanted, registry: 'https://b.example' }],
      ['another version', { ...wanted, version: '2.0.0' }],
      ['another name', { ...wanted, name: 'other' }],
      ['another archive', { ...wanted, digest: samplePackage().digest }],
      ['another ebpm', { ...wanted, by: { ...by, ebpm: '0.2.0' } }],
      ['another machine', { ...wanted, by: { ...by, arch: 'aarch64' } }],
      ['other facts', { ...wanted, by: { ...by, facts: 2 } }],
      ['other classes', { ...wanted, by: { ...by, table: 2 } }],
    ])('Store.putBack() leaves %s to be installed anew', async (_what, other) => {
      const home = temporaryHome();
      expect(await (await removed(home)).putBack(other, yes)).toBeUndefined();
      expect(await new Installed(home).names()).toEqual([]);
      expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    });

    test.each([
      ['nobody has checked', storedRecord({ forProject: true })],
      ['a person asked for', storedRecord({ checked: by })],
      ['a tag named', storedRecord({ forProject: true, checked: by, tag: 'next' })],
    ])('Store.putBack() leaves what %s to be installed anew', async (_what, record) => {
      expect(await (await removed(temporaryHome(), record)).putBack(wanted, yes)).toBeUndefined();
    });

    test('Store.putBack() believes no archive and no record that were changed or are gone', async () => {
      const home = temporaryHome();
      const record = JSON.stringify(checked);
      for (const bytes of [
        Buffer.from('other'),
        STORED_ARCHIVE,
        joinVersionFile(samplePackage().archive, record),
        joinVersionFile(STORED_ARCHIVE, ''),
        joinVersionFile(STORED_ARCHIVE, '{"name":"sigsnoop"}'),
        joinVersionFile(STORED_ARCHIVE, record).subarray(0, -1),
        joinVersionFile(STORED_ARCHIVE, record).subarray(1),
        undefined,
      ]) {
        const store = await removed(home);
        if (bytes === undefined) rmSync(storedArchive(home));
        else writeFileSync(storedArchive(home), bytes);
        expect(await store.putBack(wanted, yes)).toBeUndefined();
        expect(await new Installed(home).names()).toEqual([]);
      }
    });

    test('Store.putBack() asks about what it is about to install, and installs it for nothing but a yes', async () => {
      const home = temporaryHome();
      const store = await removed(home);
      const asked: InstalledVersion[] = [];
      const no = async (one: InstalledVersion) => asked.push(one) === 0;
      expect(await store.putBack(wanted, no)).toBeUndefined();
      expect(asked).toEqual([checked]);
      const refuse = () => Promise.reject(new TypeError('revoked'));
      await expect(store.putBack(wanted, refuse)).rejects.toThrow('revoked');
      expect(await new Installed(home).names()).toEqual([]);
      expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    });

    test('Store.putBack() leaves what is in the way', async () => {
      const home = temporaryHome();
      const store = await removed(home);
      await store.putBack(wanted, yes);
      const { ino } = statSync(storedPackage(home));
      expect(await store.putBack(wanted, yes)).toBeUndefined();
      rmSync(storedPackage(home));
      mkdirSync(storedPackage(home));
      expect(await store.putBack(wanted, yes)).toBeUndefined();
      rmSync(storedPackage(home), { recursive: true });
      expect(await store.putBack(wanted, yes)).toEqual(checked);
      expect(statSync(storedPackage(home)).ino).toBe(ino);
      expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    });
  });

  test('Store.removeLeftovers() removes what a crash left, once it is a day old', async () => {
    const home = temporaryHome();
    const [old, young] = [join(home, 'packages/tmp/old'), join(home, 'packages/tmp/young')];
    for (const folder of [old, young]) mkdirSync(join(folder, 'deep'), { recursive: true });
    utimesSync(old, 0, Date.now() / 1000 - 90_000);
    await new Store(home).removeLeftovers();
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  test('Store.writeRecord() changes no version that was removed, or replaced by another archive', async () => {
    const home = temporaryHome();
    const [store, installed] = [new Store(home), new Installed(home)];
    await install(home);
    await store.writeRecord(storedRecord({ tag: 'next' }));
    expect(await installed.version('sigsnoop', '1.0.0')).toMatchObject({ tag: 'next' });
    await store.remove('sigsnoop', '1.0.0');
    await store.writeRecord(storedRecord({ tag: 'next' }));
    expect(await installed.version('sigsnoop', '1.0.0')).toBeUndefined();
    const { digest, archive } = samplePackage();
    await store.install(storedRecord({ digest }), archive);
    await store.writeRecord(storedRecord({ tag: 'next' }));
    expect(await installed.version('sigsnoop', '1.0.0')).toEqual(storedRecord({ digest }));
  });

  test('Store keeps the version that a name stands for, and forgets a package', async () => {
    const home = temporaryHome();
    const [store, installed] = [new Store(home), new Installed(home)];
    await install(home);
    expect(await installed.givenTo('sigsnoop')).toBeUndefined();
    await store.makeCurrent('sigsnoop', '1.0.0');
    expect(await installed.givenTo('sigsnoop')).toBe('1.0.0');
    expect(await store.remove('sigsnoop', '1.0.0')).toBe(true);
    expect(await store.remove('sigsnoop', '1.0.0')).toBe(false);
    await store.forgetCurrent('sigsnoop');
    expect(await installed.names()).toEqual([]);
    expect(readdirSync(join(home, 'installed'))).toEqual([]);
  });

  test('Store makes files that others can read and not write', async () => {
    const home = temporaryHome();
    await install(home);
    expect(statSync(storedPackage(home)).mode & 0o022).toBe(0);
  });

  test.each(['../x', 'x/../../y', '/etc/passwd', '', '@a/../b'])('Store refuses the name "%s"', async (name) => {
    await expect(new Store(temporaryHome()).makeCurrent(name, '1.0.0')).rejects.toEqual(refused('EBPM_NAME_INVALID'));
  });

  test('Store refuses versions and digests that would leave their folder', async () => {
    const home = temporaryHome();
    await expect(new Store(home).remove('x', '../../1.0.0')).rejects.toEqual(refused('EBPM_VERSION_INVALID'));
    await expect(new ArchiveStore(home).remove('sha256:../..')).rejects.toEqual(refused('EBPM_DIGEST_INVALID'));
  });
});
