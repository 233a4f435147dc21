import { execFileSync } from 'node:child_process';
import { lstat, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpioArchive } from '../src/cpio.js';
import { type GuestTree, putEntry, putText } from '../src/guest-tree.js';
import { inTemporaryFolder } from './temporary-folder.js';

async function archive(tree: GuestTree): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of cpioArchive(tree)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

describe('cpioArchive()', () => {
  it('writes what cpio(1) unpacks', () =>
    inTemporaryFolder(async (folder) => {
      const big = Buffer.alloc(2_500_001, 'abc');
      await writeFile(join(folder, 'big'), big);
      const tree: GuestTree = new Map();
      putEntry(tree, '/dir', { kind: 'directory', mode: 0o711 });
      putEntry(tree, '/dir/big', {
        kind: 'file',
        mode: 0o640,
        content: { hostPath: join(folder, 'big'), sizeBytes: big.length },
      });
      putEntry(tree, '/link', { kind: 'link', target: 'dir/big' });
      // Names and contents of every length modulo 4, for the padding.
      for (let n = 0; n < 5; n++) putText(tree, `/${'n'.repeat(n + 1)}`, 't'.repeat(n));
      const bytes = await archive(tree);

      const listed = execFileSync('cpio', ['-t', '--quiet'], { input: bytes, encoding: 'utf8' }).trim().split('\n');
      expect(listed).toEqual(['.', 'dir', 'dir/big', 'link', 'n', 'nn', 'nnn', 'nnnn', 'nnnnn']);
      const out = join(folder, 'out');
      execFileSync('cpio', ['-id', '--quiet', '-D', out, '--make-directories'], { input: bytes, cwd: folder });
      expect((await readdir(out)).sort()).toEqual(['dir', 'link', 'n', 'nn', 'nnn', 'nnnn', 'nnnnn']);
      expect((await readFile(join(out, 'dir/big'))).equals(big)).toBe(true);
      expect(await readFile(join(out, 'nnnn'), 'utf8')).toBe('ttt');
      expect(await readlink(join(out, 'link'))).toBe('dir/big');
      expect((await lstat(join(out, 'dir/big'))).mode & 0o7777).toBe(0o640);
      expect((await lstat(join(out, 'dir'))).mode & 0o7777).toBe(0o711);
      expect((await lstat(out)).mode & 0o7777).toBe(0o755);
    }));

  it('writes the same bytes for the same tree, without owners, times or host paths', async () => {
    const tree: GuestTree = new Map();
    putText(tree, '/a', 'xy');
    const fields = (numbers: number[]) => numbers.map((n) => n.toString(16).padStart(8, '0')).join('');
    const expected = [
      `070701${fields([1, 0o040755, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0])}.\0`,
      `070701${fields([2, 0o100644, 0, 0, 1, 0, 2, 0, 0, 0, 0, 2, 0])}a\0xy\0\0`,
      `070701${fields([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0])}TRAILER!!!\0\0\0\0`,
    ];
    expect((await archive(tree)).toString('latin1')).toBe(expected.join(''));
  });

  it('refuses a file that became shorter', () =>
    inTemporaryFolder(async (folder) => {
      const hostPath = join(folder, 'file');
      await writeFile(hostPath, 'abc');
      const tree: GuestTree = new Map([['/file', { kind: 'file', mode: 0o644, content: { hostPath, sizeBytes: 4 } }]]);
      await expect(archive(tree)).rejects.toMatchObject({ code: 'EBPM_LAB_FILE_UNREADABLE' });
    }));

  it('cuts a file that became longer', () =>
    inTemporaryFolder(async (folder) => {
      const hostPath = join(folder, 'file');
      await writeFile(hostPath, 'abcdef');
      const tree: GuestTree = new Map([['/file', { kind: 'file', mode: 0o644, content: { hostPath, sizeBytes: 3 } }]]);
      expect((await archive(tree)).toString('latin1')).toContain(`file\0\0abc\0${'070701'}`);
    }));

  it('refuses a file that is gone', async () => {
    const content = { hostPath: '/nowhere/file', sizeBytes: 1 };
    const tree: GuestTree = new Map([['/file', { kind: 'file', mode: 0o644, content }]]);
    await expect(archive(tree)).rejects.toMatchObject({ code: 'EBPM_LAB_FILE_UNREADABLE' });
  });
});
