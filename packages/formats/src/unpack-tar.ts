/**
 * Of the npm package tar, Header alone reads here. Its Parser is made to read what others wrote: it gunzips, applies pax headers, and
 * passes over a truncated header and over all that follows the end.
 */
import { Header } from 'tar/header';
import { EbpmError } from './ebpm-error.js';
import { BLOCK_BYTES, checkArchiveSize, checkFileCount, isPacked, paddedSize } from './pack-tar.js';
import type { TarFile } from './tar-file.js';
import { checkTarPaths } from './tar-paths.js';

/**
 * Unpacks a canonical tar in memory; the files' bytes are views into the archive. Whatever packTar would not have written is
 * refused, so that no two readers can see different files in the same bytes.
 * @throws EBPM_ARCHIVE_TOO_LARGE, EBPM_ARCHIVE_TRUNCATED, EBPM_ARCHIVE_MALFORMED, EBPM_ARCHIVE_ENTRY, EBPM_ARCHIVE_PATH,
 *   EBPM_ARCHIVE_DUPLICATE, EBPM_ARCHIVE_NOT_CANONICAL
 */
export function unpackTar(archive: Uint8Array): readonly TarFile[] {
  checkArchiveSize(archive.length);
  const files = readFiles(archive);
  checkTarPaths(files.map(({ path }) => path));
  if (isPacked(archive, files)) return files;
  throw new EbpmError(
    'EBPM_ARCHIVE_NOT_CANONICAL',
    'Cannot use the archive: its bytes are not those of the canonical tar',
    {
      hint: 'Let "ebpm publish" pack the project',
    },
  );
}

/** Whether bytes are a canonical tar. */
export function isCanonicalTar(archive: Uint8Array): boolean {
  try {
    unpackTar(archive);
    return true;
  } catch (error) {
    if (error instanceof EbpmError) return false;
    throw error;
  }
}

function readFiles(archive: Uint8Array): readonly TarFile[] {
  const files: TarFile[] = [];
  for (let at = 0; ; ) {
    const header = readHeader(archive, at);
    if (header.nullBlock) return files;
    const { path, sizeBytes } = regularFile(header, at);
    const start = at + BLOCK_BYTES;
    if (sizeBytes > archive.length - start) {
      throw truncated(`${JSON.stringify(path)} is to have ${sizeBytes} bytes, ${archive.length - start} are there`);
    }
    files.push({ path, bytes: archive.subarray(start, start + sizeBytes) });
    checkFileCount(files.length);
    at = start + paddedSize(sizeBytes);
  }
}

function readHeader(archive: Uint8Array, at: number): Header {
  const block = archive.subarray(at, at + BLOCK_BYTES);
  if (block.length < BLOCK_BYTES) throw truncated(`no header at byte ${at}`);
  try {
    return new Header(Buffer.from(block));
  } catch (cause) {
    // A size that no number holds.
    throw malformed(at, cause);
  }
}

/** What a header says, which must be that of a regular file. @throws EBPM_ARCHIVE_MALFORMED, EBPM_ARCHIVE_ENTRY, EBPM_ARCHIVE_TOO_LARGE */
export function regularFile(
  { cksumValid, path, size, type }: Header,
  at: number,
): { readonly path: string; readonly sizeBytes: number } {
  if (!cksumValid || path === undefined || size === undefined) throw malformed(at);
  if (type !== 'File') {
    const what = TYPE_WORDS[type] ?? 'an entry of an unknown type';
    throw new EbpmError(
      'EBPM_ARCHIVE_ENTRY',
      `Cannot unpack ${JSON.stringify(path)}: it is ${what}, wanted a regular file`,
      {
        data: { path, type },
      },
    );
  }
  checkArchiveSize(size);
  return { path, sizeBytes: size };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  Link: 'a hard link',
  SymbolicLink: 'a symbolic link',
  CharacterDevice: 'a character device',
  BlockDevice: 'a block device',
  Directory: 'a folder',
  FIFO: 'a FIFO',
  ContiguousFile: 'a contiguous file',
  ExtendedHeader: 'a pax header, which overrides what follows',
  GlobalExtendedHeader: 'a global pax header, which overrides what follows',
  NextFileHasLongPath: 'a GNU long name, which overrides what follows',
  NextFileHasLongLinkpath: 'a GNU long link, which overrides what follows',
};

function truncated(reason: string): EbpmError {
  return new EbpmError('EBPM_ARCHIVE_TRUNCATED', `Cannot use the archive: it ends too early, ${reason}`);
}

function malformed(at: number, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_ARCHIVE_MALFORMED', `Cannot use the archive: the header at byte ${at} is damaged`, {
    cause,
  });
}
