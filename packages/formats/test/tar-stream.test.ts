import { describe, expect, it } from 'vitest';
import { packTar } from '../src/pack-tar.js';
import type { TarFile } from '../src/tar-file.js';
import { readTarEntries, TAR_END, tarEntry } from '../src/tar-stream.js';
import { hostileTar } from './hostile-tar.js';

const FILES: readonly TarFile[] = [
  { path: 'a', bytes: Buffer.from('first') },
  { path: 'b/c', bytes: Buffer.alloc(600, 1) },
  { path: 'empty', bytes: Buffer.alloc(0) },
];

async function read(tar: Uint8Array): Promise<readonly TarFile[]> {
  const files: TarFile[] = [];
  const source = {
    sizeBytes: tar.length,
    read: async (at: number, length: number) => tar.subarray(at, at + length),
  };
  for await (const file of readTarEntries(source)) files.push(file);
  return files;
}

const joined = (...parts: readonly Uint8Array[]) => Buffer.concat(parts);
const entries = (...files: readonly TarFile[]) => files.flatMap(tarEntry);

describe('tarEntry()', () => {
  it('makes what packTar makes', () => {
    expect(Buffer.compare(joined(...entries(...FILES), TAR_END), packTar(FILES))).toBe(0);
  });
});

describe('readTarEntries()', () => {
  it('reads what was written', async () => {
    expect(await read(packTar(FILES))).toEqual(
      FILES.map(({ path, bytes }) => ({ path, bytes: new Uint8Array(bytes) })),
    );
    expect(await read(TAR_END)).toEqual([]);
  });

  const [first, second] = FILES as readonly [TarFile, TarFile];
  it.each([
    ['nothing', new Uint8Array(), 'EBPM_ARCHIVE_TRUNCATED'],
    ['half a header', packTar(FILES).subarray(0, 300), 'EBPM_ARCHIVE_TRUNCATED'],
    ['half a file', packTar(FILES).subarray(0, 512 + 512 + 700), 'EBPM_ARCHIVE_TRUNCATED'],
    ['half an end', packTar(FILES).subarray(0, -512), 'EBPM_ARCHIVE_NOT_CANONICAL'],
    ['something after the end', joined(packTar(FILES), new Uint8Array(512)), 'EBPM_ARCHIVE_NOT_CANONICAL'],
    ['another order', joined(...entries(second, first), TAR_END), 'EBPM_ARCHIVE_NOT_CANONICAL'],
    ['a file twice', joined(...entries(first, first), TAR_END), 'EBPM_ARCHIVE_NOT_CANONICAL'],
    ['noise', Buffer.alloc(2048, 7), 'EBPM_ARCHIVE_MALFORMED'],
    ['a link', hostileTar({ path: 'x', type: 'SymbolicLink', linkpath: '/etc/passwd' }), 'EBPM_ARCHIVE_ENTRY'],
    ['a path that climbs', hostileTar({ path: '../x', type: 'File' }), 'EBPM_ARCHIVE_PATH'],
    ['another mode', hostileTar({ path: 'x', type: 'File', mode: 0o777 }), 'EBPM_ARCHIVE_NOT_CANONICAL'],
    ['a huge file', hostileTar({ path: 'x', type: 'File', size: 2 ** 32 }), 'EBPM_ARCHIVE_TOO_LARGE'],
  ])('refuses %s', async (_, tar, code) => {
    await expect(read(tar)).rejects.toMatchObject({ code });
  });

  it('refuses bytes behind a file that are not zero', async () => {
    const tar = packTar(FILES);
    tar[512 + 10] = 1;
    await expect(read(tar)).rejects.toMatchObject({ code: 'EBPM_ARCHIVE_NOT_CANONICAL' });
  });
});
