/**
 * A canonical tar that is larger than a package may be, one entry after the other: for files that hold packages. The layout is that of
 * pack-tar.ts, and what packTar would not have written is refused here, too.
 */
import { Header } from 'tar/header';
import { EbpmError } from './ebpm-error.js';
import { BLOCK_BYTES, headerOf, paddedSize } from './pack-tar.js';
import type { TarFile } from './tar-file.js';
import { checkTarPath } from './tar-path.js';
import { regularFile } from './unpack-tar.js';

/** What stands after the last entry. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK_BYTES);

/** Where a tar is read from. */
export interface TarSource {
  readonly sizeBytes: number;
  /** Gives exactly so many bytes, or fewer at the end. */
  readonly read: (at: number, lengthBytes: number) => Promise<Uint8Array>;
}

/**
 * An entry as it stands in the tar: header, content, zeros. Entries are written in the order of their paths' UTF-8 bytes, then `TAR_END`.
 *
 * @throws EBPM_ARCHIVE_PATH
 */
export function tarEntry({ path, bytes }: TarFile): readonly Uint8Array[] {
  checkTarPath(path);
  return [headerOf(path, bytes.length), bytes, new Uint8Array(paddedSize(bytes.length) - bytes.length)];
}

/**
 * Reads the entries of a tar, one at a time in memory, each of at most 20 MiB.
 *
 * @throws EBPM_ARCHIVE_TOO_LARGE, EBPM_ARCHIVE_TRUNCATED, EBPM_ARCHIVE_MALFORMED, EBPM_ARCHIVE_ENTRY, EBPM_ARCHIVE_PATH,
 *   EBPM_ARCHIVE_NOT_CANONICAL
 */
export async function* readTarEntries({ sizeBytes, read }: TarSource): AsyncGenerator<TarFile> {
  let before: Buffer | undefined;
  for (let at = 0; ; ) {
    const block = await read(at, BLOCK_BYTES);
    if (block.length < BLOCK_BYTES) throw truncated();
    if (isZero(block)) {
      const end = await read(at, TAR_END.length + 1);
      if (end.length === TAR_END.length && isZero(end) && at + end.length === sizeBytes) return;
      throw notCanonical('something follows its end');
    }
    const { path, sizeBytes: length } = regularFile(headerIn(block, at), at);
    checkTarPath(path);
    if (Buffer.compare(headerOf(path, length), block) !== 0) throw notCanonical(`the header at byte ${at}`);
    const key = Buffer.from(path);
    if (before !== undefined && Buffer.compare(before, key) >= 0) throw notCanonical('its entries are not in order');
    before = key;
    const content = await read(at + BLOCK_BYTES, paddedSize(length));
    if (content.length < paddedSize(length)) throw truncated();
    if (!isZero(content.subarray(length))) throw notCanonical(`what follows ${JSON.stringify(path)}`);
    yield { path, bytes: content.subarray(0, length) };
    at += BLOCK_BYTES + content.length;
  }
}

function headerIn(block: Uint8Array, at: number): Header {
  try {
    return new Header(Buffer.from(block));
  } catch (cause) {
    // A size that no number holds.
    throw new EbpmError('EBPM_ARCHIVE_MALFORMED', `Cannot use the archive: the header at byte ${at} is damaged`, {
      cause,
    });
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function truncated(): EbpmError {
  return new EbpmError('EBPM_ARCHIVE_TRUNCATED', 'Cannot use the archive: it ends too early');
}

function notCanonical(what: string): EbpmError {
  return new EbpmError(
    'EBPM_ARCHIVE_NOT_CANONICAL',
    `Cannot use the archive: its bytes are not those of the canonical tar: ${what}`,
  );
}
