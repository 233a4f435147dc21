// A snapshot is a gzip file of many members, which any gunzip unpacks (RFC 1952). Each holds the next MiB of the database, and its header
// says how long the member is, so that one is found without unpacking those before it, and several are unpacked at a time:
//
//   1f 8b 08 04  mtime (4)  xfl os   08 00  "EB" 04 00  length (4, little endian)   deflate ...   crc (4)  size (4)

import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { SNAPSHOT_LIMITS } from '../limits-log.js';
import { isZlibError } from '../stores/zlib-error.js';

const MEMBER_SIZE_BYTES = SNAPSHOT_LIMITS.memberSizeBytes;

/** What is no file of such members. Its message says why. */
export class MembersError extends Error {}

/** Some of the bytes, compressed, and where they belong. */
export interface GzipMember {
  readonly offsetBytes: number;
  readonly bytes: Uint8Array;
}

/** Compresses up to 1 MiB, quickly: level 1 makes a third of a database. */
export async function packMember(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await promisify(gzip)(bytes, { level: 1 });
  const header = Buffer.alloc(HEADER_SIZE_BYTES);
  packed.copy(header, 0, 0, PLAIN_HEADER_SIZE_BYTES);
  header[FLAGS_AT] = HAS_EXTRA_FIELD;
  EXTRA_FIELD.copy(header, PLAIN_HEADER_SIZE_BYTES);
  header.writeUInt32LE(packed.length + HEADER_SIZE_BYTES - PLAIN_HEADER_SIZE_BYTES, LENGTH_AT);
  return Buffer.concat([header, packed.subarray(PLAIN_HEADER_SIZE_BYTES)]);
}

/**
 * Cuts a file into its members.
 * @throws MembersError when it is none
 */
export async function* splitMembers(parts: AsyncIterable<Uint8Array>): AsyncGenerator<GzipMember, void> {
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  let wantedBytes = HEADER_SIZE_BYTES;
  let offsetBytes = 0;
  for await (const part of parts) {
    pieces.push(part);
    sizeBytes += part.length;
    // Put together once for each member, not for each part.
    if (sizeBytes < wantedBytes) continue;
    let rest = Buffer.concat(pieces);
    for (;;) {
      wantedBytes = lengthOf(rest) ?? HEADER_SIZE_BYTES;
      if (wantedBytes > rest.length) break;
      yield { offsetBytes, bytes: rest.subarray(0, wantedBytes) };
      offsetBytes += MEMBER_SIZE_BYTES;
      rest = rest.subarray(wantedBytes);
    }
    pieces = [rest];
    sizeBytes = rest.length;
  }
  if (sizeBytes > 0 || offsetBytes === 0) throw new MembersError('it is not gzip, or cut short');
}

/**
 * The bytes of a member.
 * @throws MembersError when there are none, or more than 1 MiB
 */
export async function unpackMember({ bytes }: GzipMember): Promise<Uint8Array> {
  try {
    // Into one piece of memory, which is then no copy of many small ones.
    return await promisify(gunzip)(bytes, { chunkSize: MEMBER_SIZE_BYTES, maxOutputLength: MEMBER_SIZE_BYTES });
  } catch (cause) {
    if (isZlibError(cause) || cause instanceof RangeError) throw new MembersError('it is not gzip', { cause });
    throw cause;
  }
}

/** Of what zlib writes: neither a name nor a comment. */
const PLAIN_HEADER_SIZE_BYTES = 10;
const FLAGS_AT = 3;
const HAS_EXTRA_FIELD = 4;
/** The size of the extra field, the name of what is in it, and the size of that. */
const EXTRA_FIELD = Buffer.from([8, 0, 0x45, 0x42, 4, 0]);
const LENGTH_AT = PLAIN_HEADER_SIZE_BYTES + EXTRA_FIELD.length;
const HEADER_SIZE_BYTES = LENGTH_AT + 4;
const MAGIC = Buffer.from([0x1f, 0x8b, 8, HAS_EXTRA_FIELD]);
/** Deflate adds five bytes to each 16 KiB that it cannot compress. */
const MAX_LENGTH_BYTES = MEMBER_SIZE_BYTES + 4096;

/** The length of the member that begins here; undefined before its header has come. */
function lengthOf(bytes: Buffer): number | undefined {
  if (bytes.length < HEADER_SIZE_BYTES) return undefined;
  const isMember =
    bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
    bytes.subarray(PLAIN_HEADER_SIZE_BYTES, LENGTH_AT).equals(EXTRA_FIELD);
  const length = bytes.readUInt32LE(LENGTH_AT);
  if (isMember && length > HEADER_SIZE_BYTES && length <= MAX_LENGTH_BYTES) return length;
  throw new MembersError('it is not gzip of the kind that snapshots are');
}
