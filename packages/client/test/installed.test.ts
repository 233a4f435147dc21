import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar, parseSpec } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installed, type NamedSpec } from '../src/installed.js';
import { Store } from '../src/store.js';
import { refused } from './refused.js';
import { replaceRecord, STORED_ARCHIVE, storedPackage, storedRecord } from './stored-version.js';

const spec = (text: string) => parseSpec(text) as NamedSpec;

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ebpm-installed-'));
  await fill(home);
});
afterAll(() => rmSync(home, { recursive: true }));

describe('Installed', () => {
  test.each([
    ['sigsnoop', '1.9.0'],
    ['sigsnoop@latest', '1.9.0'],
    ['sigsnoop@^1', '1.10.0'],
    ['sigsnoop@1.0.0', '1.0.0'],
    ['sigsnoop@next', '1.9.0'],
    ['sigsnoop@2.0.0-rc.1', '2.0.0-rc.1'],
    ['@acme/x@1', '1.0.0'],
    ['sigsnoop@^3', undefined],
    ['sigsnoop@beta', undefined],
    ['@acme/x', '1.0.0'],
    ['other', undefined],
  ])('Installed.find() takes for %s %s', async (text, version) => {
    expect((await new Installed(home).find(spec(text)))?.version).toBe(version);
  });

  test('Installed.current() is the highest stable version where the name was given to none, or to one that is gone', async () => {
    const other = join(home, 'current');
    const [store, installed] = [new Store(other), new Installed(other)];
    expect(await installed.current('sigsnoop')).toBeUndefined();
    await store.install(storedRecord({ version: '2.0.0-rc.1' }), STORED_ARCHIVE);
    expect(await installed.current('sigsnoop')).toBe('2.0.0-rc.1');
    for (const version of ['1.0.0', '1.1.0']) await store.install(storedRecord({ version }), STORED_ARCHIVE);
    expect(await installed.current('sigsnoop')).toBe('1.1.0');
    await store.makeCurrent('sigsnoop', '1.0.0');
    expect(await installed.current('sigsnoop')).toBe('1.0.0');
    await store.remove('sigsnoop', '1.0.0');
    expect(await installed.current('sigsnoop')).toBe('1.1.0');
  });

  test('Installed lists names and versions, highest first, and passes over what is none', async () => {
    for (const name of ['notes.json', 'NOT A NAME@1.0.0.tar', 'x@1.tar', 'x@1.0.0', '@1.0.0.tar', 'x@current'])
      writeFileSync(join(home, 'installed', name), '');
    mkdirSync(join(home, 'installed/older/1.0.0'), { recursive: true });
    const installed = new Installed(home);
    expect(await installed.names()).toEqual(['@acme/x', 'sigsnoop']);
    expect(await installed.versionNumbers('sigsnoop')).toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0', '1.0.0']);
    expect(await new Installed(join(home, 'nowhere')).names()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['no JSON', 'secret text'],
    ['another version', storedRecord({ version: '3.0.0' })],
    ['another name', storedRecord({ name: 'other' })],
    ['a digest that is none', storedRecord({ digest: 'sha256:../../x' })],
    ['an entry that climbs', storedRecord({ entry: { path: '../../../etc/shadow', digest: storedRecord().digest } })],
    ['an absolute entry', storedRecord({ entry: { path: '/etc/shadow', digest: storedRecord().digest } })],
    ['a tag that is no text', { ...storedRecord(), tag: 7 }],
    ['null', null],
  ])('Installed.version() refuses a record with %s, and does not quote it', async (_what, content) => {
    replaceRecord(join(home, 'damaged'), typeof content === 'string' ? content : JSON.stringify(content));
    const reading = new Installed(join(home, 'damaged')).version('sigsnoop', '1.0.0');
    await expect(reading).rejects.toEqual(refused('EBPM_STORE_DAMAGED', 'it is not what was written'));
    await expect(reading).rejects.toMatchObject({ hint: 'Type: ebpm install sigsnoop@1.0.0' });
  });

  test('Installed.entryBytes() refuses an entry that was changed, is gone, or is a device', async () => {
    const other = join(home, 'other');
    await new Store(other).install(storedRecord(), STORED_ARCHIVE);
    const path = storedPackage(other);
    const reading = () => new Installed(other).entryBytes(storedRecord());
    for (const bytes of ['changed', STORED_ARCHIVE.map((byte) => (byte === 0x79 ? 0x78 : byte)), packTar([])]) {
      writeFileSync(path, bytes);
      await expect(reading()).rejects.toEqual(refused('EBPM_STORE_DAMAGED', 'not what was installed'));
    }
    rmSync(path);
    await expect(reading()).rejects.toEqual(refused('EBPM_STORE_DAMAGED', 'not there'));
    symlinkSync('/dev/zero', path);
    await expect(reading()).rejects.toEqual(refused('EBPM_STORE_DAMAGED', 'not a regular file'));
  });

  test('Installed.presentArchive() has nothing of a version that was removed, and refuses one that was changed', async () => {
    const other = join(home, 'present');
    const store = new Store(other);
    await store.install(storedRecord(), STORED_ARCHIVE);
    const reading = () => new Installed(other).presentArchive(storedRecord());
    expect(Uint8Array.from((await reading()) ?? [])).toEqual(STORED_ARCHIVE);
    writeFileSync(storedPackage(other), packTar([]));
    await expect(reading()).rejects.toEqual(refused('EBPM_STORE_DAMAGED', 'not what was installed'));
    rmSync(storedPackage(other));
    expect(await reading()).toBeUndefined();
  });
});

/** Several versions of one package, and one with a scope. */
async function fill(home: string): Promise<void> {
  const store = new Store(home);
  await store.install(storedRecord(), STORED_ARCHIVE);
  await store.install(storedRecord({ version: '1.10.0' }), STORED_ARCHIVE);
  await store.install(
    storedRecord({ version: '1.9.0', tag: 'next', installedAt: '2026-02-01T00:00:00.000Z' }),
    STORED_ARCHIVE,
  );
  await store.install(storedRecord({ version: '2.0.0-rc.1', tag: 'next' }), STORED_ARCHIVE);
  await store.install(storedRecord({ name: '@acme/x' }), STORED_ARCHIVE);
  await store.makeCurrent('sigsnoop', '1.9.0');
}
