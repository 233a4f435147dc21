/**
 * A version in the store is one file, so that one step of the file system makes it or takes it away:
 *
 *   archive     a tar, which its zeros end
 *   record      JSON, what is known of the version
 *   length      of the record in bytes, 8 hexadecimal digits
 *   mark        "\nebpm:1\n"
 *
 * An archive that was only downloaded ends with its zeros: no mark, no record.
 */
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { type Digest, MAX_PACKAGE_BYTES } from '@ebpm/formats';
import { MAX_RECORD_BYTES, RECORD_TAIL_BYTES } from './limits.js';
import { withRegularFile } from './read-regular-file.js';

const MARK = Buffer.from('\nebpm:1\n');
const LENGTH_DIGITS = 8;
const FOOTER_BYTES = LENGTH_DIGITS + MARK.length;

/** The largest archive, with the largest record. */
export const MAX_VERSION_FILE_BYTES = MAX_PACKAGE_BYTES + MAX_RECORD_BYTES + FOOTER_BYTES;

/** The bytes of a version's file. @param record JSON of at most 1 MiB */
export function joinVersionFile(archive: Uint8Array, record: string): Uint8Array {
  const text = Buffer.from(record);
  const length = text.length.toString(16).padStart(LENGTH_DIGITS, '0');
  return Buffer.concat([archive, text, Buffer.from(length), MARK]);
}

/** What is in a version's file, or in that of an archive without a record. */
export function splitVersionFile(bytes: Uint8Array): {
  readonly archive: Uint8Array;
  readonly record: Uint8Array | undefined;
} {
  const size = recordSize(bytes);
  if (size === undefined || size + FOOTER_BYTES > bytes.length) return { archive: bytes, record: undefined };
  const end = bytes.length - FOOTER_BYTES;
  return { archive: bytes.subarray(0, end - size), record: bytes.subarray(end - size, end) };
}

/**
 * The record of a version's file, without its archive: no bytes where it has none, undefined where there is no such file.
 *
 * @throws Error with what is wrong with the file, or the system's own
 */
export function readRecordBytes(path: string): Uint8Array | undefined {
  return withRegularFile(path, MAX_VERSION_FILE_BYTES, (file, { size }) => recordIn(file, size));
}

/**
 * The record of a version's file and the digest of its archive; undefined where there is no such file, or no record in it.
 *
 * @param part what the file is read into, one part after another, at least 64 KiB; to be given for many files: memory that was never touched is dear
 * @throws Error with what is wrong with the file, or the system's own
 */
export function readVersionFile(
  path: string,
  part: Uint8Array,
): { readonly record: Uint8Array; readonly digest: Digest } | undefined {
  return withRegularFile(path, MAX_VERSION_FILE_BYTES, (file, { size }) => {
    const record = recordIn(file, size);
    if (record.length === 0) return undefined;
    const hash = createHash('sha256');
    for (let left = size - record.length - FOOTER_BYTES; left > 0; ) {
      const read = readSync(file, part, 0, Math.min(part.length, left), null);
      if (read === 0) break;
      hash.update(part.subarray(0, read));
      left -= read;
    }
    return { record, digest: `sha256:${hash.digest('hex')}` };
  });
}

function recordIn(file: number, size: number): Uint8Array {
  const tail = readEnd(file, size, RECORD_TAIL_BYTES);
  const recordBytes = recordSize(tail);
  if (recordBytes === undefined) return new Uint8Array();
  const wanted = recordBytes + FOOTER_BYTES;
  const whole = wanted <= tail.length ? tail : readEnd(file, size, wanted);
  return splitVersionFile(whole).record ?? new Uint8Array();
}

/** How long the record is that ends there; undefined where there is none, or where it cannot be. */
function recordSize(end: Uint8Array): number | undefined {
  const footer = Buffer.from(end.buffer, end.byteOffset, end.length).subarray(-FOOTER_BYTES);
  if (footer.length < FOOTER_BYTES || !footer.subarray(LENGTH_DIGITS).equals(MARK)) return undefined;
  const digits = footer.toString('latin1', 0, LENGTH_DIGITS);
  const size = /^[0-9a-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  return size <= MAX_RECORD_BYTES ? size : undefined;
}

/** The last bytes of a file, as many as there are. */
function readEnd(file: number, size: number, maxBytes: number): Uint8Array {
  const from = Math.max(size - maxBytes, 0);
  const bytes = Buffer.allocUnsafe(size - from);
  let read = 0;
  while (read < bytes.length) {
    const more = readSync(file, bytes, read, bytes.length - read, from + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}
