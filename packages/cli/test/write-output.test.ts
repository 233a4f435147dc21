import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeOutput } from '../src/write-output.js';

const BYTES = Buffer.from('new');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeOutput()', () => {
  it('writeOutput() makes the folders and the file, and nothing beside it', async () => {
    await writeOutput(join(folder, 'a/b/file'), BYTES);
    expect(readFileSync(join(folder, 'a/b/file'), 'utf8')).toBe('new');
    expect(readdirSync(folder, { recursive: true })).toEqual(['a', 'a/b', 'a/b/file']);
  });

  it('writeOutput() replaces a file', async () => {
    writeFileSync(join(folder, 'file'), 'something older and longer');
    await writeOutput(join(folder, 'file'), BYTES);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('writeOutput() leaves nothing behind where a folder is in the way', async () => {
    mkdirSync(join(folder, 'file/inner'), { recursive: true });
    await expect(writeOutput(join(folder, 'file'), BYTES)).rejects.toMatchObject({ code: 'EBPM_FILE_UNWRITABLE' });
    expect(readdirSync(folder, { recursive: true })).toEqual(['file', 'file/inner']);
  });

  it('writeOutput() leaves nothing behind where a file stands for a folder', async () => {
    writeFileSync(join(folder, 'file'), 'old');
    await expect(writeOutput(join(folder, 'file/x'), BYTES)).rejects.toMatchObject({ code: 'EBPM_FILE_UNWRITABLE' });
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
  });

  it.each(['/proc', '/sys'].filter(existsSync))(
    'writeOutput() refuses %s, which takes no folders, at once',
    async (place) => {
      const path = `${place}/ebpm/a/file`;
      await expect(writeOutput(path, BYTES)).rejects.toMatchObject({
        code: 'EBPM_FILE_UNWRITABLE',
        message: expect.stringContaining(`Cannot write "${path}"`),
      });
    },
  );

  it('writeOutput() makes a folder once, whoever else makes it at the same time', async () => {
    await Promise.all(['x', 'y', 'z'].map((name) => writeOutput(join(folder, 'a/b/c', name), BYTES)));
    expect(readdirSync(join(folder, 'a/b/c')).sort()).toEqual(['x', 'y', 'z']);
  });
});
