import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureCacheDirectory } from '../src/cache-directory.js';
import { inTemporaryFolder } from './temporary-folder.js';

describe('ensureCacheDirectory()', () => {
  it('makes it, and takes one that is there', () =>
    inTemporaryFolder(async (folder) => {
      await ensureCacheDirectory(join(folder, 'a/b'));
      await ensureCacheDirectory(join(folder, 'a/b'));
    }));

  it('refuses a path below a file', () =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      await expect(ensureCacheDirectory(join(folder, 'file/cache'))).rejects.toMatchObject({
        code: 'EBPM_LAB_CACHE_UNWRITABLE',
        message: expect.stringContaining('ENOTDIR'),
      });
    }));
});
