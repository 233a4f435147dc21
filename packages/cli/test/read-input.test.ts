import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileArgument, readStdin } from '../src/read-input.js';

const LIMIT = 64 * 1024 * 1024;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-input-'));
  writeFileSync(join(folder, 'file'), 'bytes');
  writeFileSync(join(folder, 'empty'), '');
  symlinkSync('file', join(folder, 'link'));
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  writeFileSync(join(folder, 'large'), '');
  truncateSync(join(folder, 'large'), LIMIT + 1);
  symlinkSync('loop', join(folder, 'loop'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readFileArgument()', () => {
  it.each([
    ['file', 'bytes'],
    ['link', 'bytes'],
    ['empty', ''],
  ])('readFileArgument() reads %s', async (name, text) => {
    expect(Buffer.from(await readFileArgument(join(folder, name))).toString()).toBe(text);
  });

  it.each([
    ['fifo', 'it is not a regular file'],
    ['folder', 'it is not a regular file'],
    ['large', `it has ${LIMIT + 1} bytes, and ${LIMIT} are the limit`],
    ['missing', 'no such file or directory'],
    ['file/below', 'not a directory'],
    ['loop', 'too many symbolic links'],
  ])('readFileArgument() refuses %s at once', async (name, reason) => {
    const path = join(folder, name);
    await expect(readFileArgument(path)).rejects.toMatchObject({
      code: 'EBPM_FILE_UNREADABLE',
      message: expect.stringMatching(new RegExp(`^Cannot read "${path}": .*${reason}`)),
    });
  });

  it.each(['/dev/zero', '/dev/tty', 'a\0b'])('readFileArgument() refuses %j', async (path) => {
    await expect(readFileArgument(path)).rejects.toMatchObject({ code: 'EBPM_FILE_UNREADABLE' });
  });
});

describe('readStdin()', () => {
  it('readStdin() joins all chunks', async () => {
    expect(Buffer.from(await readStdin(chunks('ab', '', 'c'))).toString()).toBe('abc');
  });

  it('readStdin() stops at its limit, whatever follows', async () => {
    const chunk = new Uint8Array(LIMIT / 4);
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1;
        yield chunk;
      }
    }
    await expect(readStdin(endless())).rejects.toMatchObject({ code: 'EBPM_FILE_UNREADABLE' });
    expect(given).toBe(5);
  });
});

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
