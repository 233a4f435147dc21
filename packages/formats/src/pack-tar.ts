/**
 * The canonical tar: for the same files always the same bytes, since their SHA-256 is the package's identity.
 *
 *   per file, in the order of the UTF-8 bytes of the paths:
 *     512 bytes  ustar header, as the npm package tar writes it: path, mode 0644, uid 0, gid 0, size, mtime 0 (1 January 1970),
 *                type "0", no link, no names, device 0
 *     n bytes    the content
 *     0-511      zeros up to a multiple of 512
 *   1024 zeros
 *
 * No other entries: no folders, links or pax headers. docs/packages.md has every byte.
 */
import { Header } from 'tar/header';
import { EbpmError } from './ebpm-error.js';
import { MAX_PACKAGE_BYTES, MAX_PACKAGE_FILES } from './limits.js';
import type { TarFile } from './tar-file.js';
import { checkTarPaths } from './tar-paths.js';

/** Size of a header and unit of everything: pax(1), "ustar Interchange Format". */
export const BLOCK_BYTES = 512;

/** What stands after the last file. */
const END_BYTES = 2 * BLOCK_BYTES;

/**
 * Packs files, in any order, into a canonical tar.
 * @throws EBPM_ARCHIVE_PATH, EBPM_ARCHIVE_DUPLICATE, EBPM_ARCHIVE_TOO_LARGE (20 MiB, 1000 files)
 */
export function packTar(files: readonly TarFile[]): Uint8Array {
  checkFileCount(files.length);
  checkTarPaths(files.map(({ path }) => path));
  const sizeBytes = files.reduce((sum, { bytes }) => sum + BLOCK_BYTES + paddedSize(bytes.length), END_BYTES);
  checkArchiveSize(sizeBytes);
  const archive = new Uint8Array(sizeBytes);
  let at = 0;
  for (const { path, bytes } of sorted(files)) {
    archive.set(headerOf(path, bytes.length), at);
    archive.set(bytes, at + BLOCK_BYTES);
    at += BLOCK_BYTES + paddedSize(bytes.length);
  }
  return archive;
}

/**
 * Whether an archive, in which these files were found one after another, has the bytes that packTar writes. Nothing is packed for it:
 * the contents are where they were found.
 */
export function isPacked(archive: Uint8Array, files: readonly TarFile[]): boolean {
  let at = 0;
  for (const { path, bytes } of sorted(files)) {
    const start = at + BLOCK_BYTES;
    const end = start + paddedSize(bytes.length);
    if (!isEqual(headerOf(path, bytes.length), archive.subarray(at, start))) return false;
    if (!isZero(archive.subarray(start + bytes.length, end))) return false;
    at = end;
  }
  return archive.length === at + END_BYTES && isZero(archive.subarray(at));
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

const ZEROS = new Uint8Array(END_BYTES);

function isZero(bytes: Uint8Array): boolean {
  return isEqual(bytes, ZEROS.subarray(0, bytes.length));
}

/** A size rounded up to whole blocks. */
export function paddedSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/**
 * Refuses an archive, or a file in one, of more than 20 MiB.
 * @throws EBPM_ARCHIVE_TOO_LARGE
 */
export function checkArchiveSize(sizeBytes: number): void {
  if (sizeBytes <= MAX_PACKAGE_BYTES) return;
  throw new EbpmError(
    'EBPM_ARCHIVE_TOO_LARGE',
    `Cannot use an archive of ${sizeBytes} bytes: more than ${MAX_PACKAGE_BYTES}`,
    {
      data: { sizeBytes, maxSizeBytes: MAX_PACKAGE_BYTES },
    },
  );
}

/**
 * Refuses more than 1000 files.
 * @throws EBPM_ARCHIVE_TOO_LARGE
 */
export function checkFileCount(count: number): void {
  if (count <= MAX_PACKAGE_FILES) return;
  throw new EbpmError('EBPM_ARCHIVE_TOO_LARGE', `Cannot use an archive of more than ${MAX_PACKAGE_FILES} files`, {
    data: { maxFiles: MAX_PACKAGE_FILES },
  });
}

/** The header of a regular file. */
export function headerOf(path: string, sizeBytes: number): Uint8Array {
  const header = new Header({
    path,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: sizeBytes,
    mtime: new Date(0),
    type: 'File',
    uname: '',
    gname: '',
  });
  const block = Buffer.alloc(BLOCK_BYTES);
  // The answer, "needs a pax header", is not wanted: all but ASCII paths would get one, though UTF-8 is read everywhere.
  header.encode(block);
  return block;
}

function sorted(files: readonly TarFile[]): readonly TarFile[] {
  return files
    .map((file) => ({ file, key: Buffer.from(file.path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ file }) => file);
}
