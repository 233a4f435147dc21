import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cached } from '../src/cached.js';
import { inTemporaryFolder } from './temporary-folder.js';

describe('cached()', () => {
  it('makes a missing thing once, whoever asks', () =>
    inTemporaryFolder(async (cacheDir) => {
      let made = 0;
      const ask = () => cached({ cacheDir, name: 'things/one' }, (partial) => writeFile(partial, `made ${++made}`));
      const paths = await Promise.all([ask(), ask()]);
      expect(paths).toEqual([join(cacheDir, 'things/one'), join(cacheDir, 'things/one')]);
      expect(await readFile(await ask(), 'utf8')).toBe('made 1');
    }));

  it('leaves nothing when making it fails', () =>
    inTemporaryFolder(async (cacheDir) => {
      const failing = cached({ cacheDir, name: 'one' }, async (partial) => {
        await mkdir(partial);
        throw new Error('no luck');
      });
      await expect(failing).rejects.toThrow('no luck');
      expect(await readdir(cacheDir)).toEqual(['one.lock']);
    }));

  it('removes what a killed process left', () =>
    inTemporaryFolder(async (cacheDir) => {
      await mkdir(join(cacheDir, 'one.partial', 'half'), { recursive: true });
      const path = await cached({ cacheDir, name: 'one' }, (partial) => mkdir(partial));
      expect(await readdir(path)).toEqual([]);
    }));
});
