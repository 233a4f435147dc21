import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { systemRandom } from '../../src/random.js';
import { openDirectoryStore } from '../../src/stores/directory.js';
import { blobKey, entryKey } from '../../src/stores/keys.js';
import type { Store } from '../../src/stores/store.js';
import { describeStore } from './conformance.js';
import { withTemporaryDirectory } from './temporary-directory.js';

describeStore('directory', (test) => withTemporaryDirectory(async (path) => test(await open(path))));

describe('openDirectoryStore()', () => {
  it('openDirectoryStore() makes the directory and those above it', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(join(path, 'a/b'));
      await store.create(entryKey('log', 1), Buffer.from('x'));
      expect(await readFile(join(path, 'a/b/log/000000000001'), 'utf8')).toBe('x');
    }));

  it('openDirectoryStore() refuses a path that is a file', () =>
    withTemporaryDirectory(async (path) => {
      await writeFile(join(path, 'file'), '');
      await expect(open(join(path, 'file'))).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
    }));

  it('openDirectoryStore() removes temporary files older than an hour, and no younger ones', () =>
    withTemporaryDirectory(async (path) => {
      await mkdir(join(path, '.tmp'));
      await writeFile(join(path, '.tmp/old'), '');
      await writeFile(join(path, '.tmp/new'), '');
      const longAgo = new Date(Date.now() - 3_700_000);
      await utimes(join(path, '.tmp/old'), longAgo, longAgo);
      await open(path);
      expect(await readdir(join(path, '.tmp'))).toEqual(['new']);
    }));

  it('create() is decided between stores on one directory, and leaves no temporary file', () =>
    withTemporaryDirectory(async (path) => {
      const stores = await Promise.all(Array.from({ length: 4 }, () => open(path)));
      for (let seq = 1; seq <= 10; seq++) {
        const answers = await Promise.all(
          stores.map((store, i) => store.create(entryKey('log', seq), Buffer.from([i]))),
        );
        expect(answers.filter((answer) => answer === 'created')).toHaveLength(1);
        expect(await stores[0]?.get(entryKey('log', seq))).toEqual(Buffer.from([answers.indexOf('created')]));
      }
      expect(await readdir(join(path, '.tmp'))).toEqual([]);
    }));

  it('create() that was given up before it had a name is refused, and writes nothing', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(path);
      const created = store.create(entryKey('log', 1), Buffer.from('x'), AbortSignal.abort());
      await expect(created).rejects.toMatchObject({ outcome: 'refused' });
      expect(await store.head(entryKey('log', 1))).toBeUndefined();
      expect(await readdir(join(path, '.tmp'))).toEqual([]);
    }));

  it('create() is refused when the place for temporary files is gone', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(path);
      await rmdir(join(path, '.tmp'));
      const created = store.create(entryKey('log', 1), Buffer.from('x'));
      await expect(created).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED', data: { errno: 'ENOENT' } });
    }));

  it('create() is refused where a file stands in the way of its directory', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(path);
      await writeFile(join(path, 'log'), '');
      const created = store.create(entryKey('log', 1), Buffer.from('x'));
      await expect(created).rejects.toMatchObject({ outcome: 'refused', data: { errno: 'ENOTDIR' } });
    }));

  it('create() does not follow a link that stands where the entry should', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(join(path, 'store'));
      await mkdir(join(path, 'store/log'));
      await symlink(join(path, 'elsewhere'), join(path, 'store/log/000000000001'));
      expect(await store.create(entryKey('log', 1), Buffer.from('x'))).toBe('exists');
      expect(existsSync(join(path, 'elsewhere'))).toBe(false);
    }));

  it('get() refuses a file that is larger than an entry can be', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(path);
      await mkdir(join(path, 'log'));
      await writeFile(join(path, 'log/000000000001'), Buffer.alloc(1024 * 1024 + 1));
      await expect(store.get(entryKey('log', 1))).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
    }));

  it('list() passes over what is not ours', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(path);
      await store.create(entryKey('log', 1), Buffer.from('x'));
      await writeFile(join(path, 'log/notes.txt'), '');
      await mkdir(join(path, 'log/lost+found'));
      expect(await store.list('log/')).toEqual([entryKey('log', 1)]);
    }));

  it('putBlob() works in a directory that another process made', () =>
    withTemporaryDirectory(async (path) => {
      const store = await open(path);
      await mkdir(join(path, 'blobs/sha256/ab'), { recursive: true });
      const key = blobKey('ab'.repeat(32));
      await store.putBlob(key, Buffer.from('x'));
      expect(await store.list('blobs/sha256/')).toEqual([key]);
    }));
});

function open(path: string): Promise<Store> {
  return openDirectoryStore({ path, clock: systemClock, random: systemRandom });
}
