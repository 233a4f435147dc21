import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostFiles } from '../src/host-files.js';
import { inTemporaryFolder } from './temporary-folder.js';

const LIMITS = { maxFiles: 10, maxBytes: 100, maxDepth: 3 };

describe('hostFiles()', () => {
  it('takes bytes, files and folders with their modes, and follows links', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'tree/sub'), { recursive: true });
      await writeFile(join(folder, 'tree/sub/file'), 'abc');
      await chmod(join(folder, 'tree/sub/file'), 0o640);
      await chmod(join(folder, 'tree/sub'), 0o700);
      await symlink('sub/file', join(folder, 'tree/link'));
      const bytes = new Uint8Array(2);
      const tree = await hostFiles({ '/opt/tree': join(folder, 'tree'), '/bytes': bytes }, LIMITS);
      const file = { kind: 'file', mode: 0o640, content: { hostPath: join(folder, 'tree/sub/file'), sizeBytes: 3 } };
      expect([...tree]).toEqual([
        ['/', { kind: 'directory', mode: 0o755 }],
        ['/opt', { kind: 'directory', mode: 0o755 }],
        ['/opt/tree', { kind: 'directory', mode: 0o755 }],
        ['/opt/tree/link', file],
        ['/opt/tree/sub', { kind: 'directory', mode: 0o700 }],
        ['/opt/tree/sub/file', file],
        ['/bytes', { kind: 'file', mode: 0o755, content: bytes }],
      ]);
    }));

  it('refuses a file that does not exist', async () => {
    await expect(hostFiles({ '/x': '/nowhere/x' })).rejects.toMatchObject({ code: 'EBPM_LAB_FILE_UNREADABLE' });
  });

  it('refuses a device', async () => {
    await expect(hostFiles({ '/x': '/dev/null' })).rejects.toMatchObject({
      code: 'EBPM_LAB_FILE_UNREADABLE',
      message: expect.stringContaining('neither a file nor a folder'),
    });
  });

  it('refuses a loop of links', () =>
    inTemporaryFolder(async (folder) => {
      await symlink('.', join(folder, 'loop'));
      await expect(hostFiles({ '/x': folder }, LIMITS)).rejects.toMatchObject({ code: 'EBPM_LAB_FILES_TOO_LARGE' });
    }));

  it('refuses too many files', () =>
    inTemporaryFolder(async (folder) => {
      for (let n = 0; n < 10; n++) await writeFile(join(folder, String(n)), '');
      await expect(hostFiles({ '/x': folder }, LIMITS)).rejects.toMatchObject({ code: 'EBPM_LAB_FILES_TOO_LARGE' });
    }));

  it('refuses too many bytes', async () => {
    await expect(hostFiles({ '/x': new Uint8Array(101) }, LIMITS)).rejects.toMatchObject({
      code: 'EBPM_LAB_FILES_TOO_LARGE',
    });
  });
});
