/**
 * Reads tars that others wrote: GNU's, pax's and ustar's. An entry is a header of 512 bytes and its content, padded to 512:
 *
 *     0 name[100] | 124 size[12] | 148 checksum[8] | 156 type | 257 "ustar" | 345 prefix[155] | 512 content ...
 *
 * A name that does not fit stands in an entry before it: of type L (GNU) as its content, of type x (pax) as a record "LEN path=NAME\n".
 * The package tar reads this too, but what runs as root is to be small.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html ("ustar Interchange Format", "pax Header Block")
 */
import { EbpmError } from './ebpm-error.js';
import { MAX_BTF_ARCHIVE_BYTES, MAX_BTF_ARCHIVE_ENTRIES, MAX_SPEC_LENGTH } from './limits.js';

/** A regular file of an archive. */
export interface ArchiveEntry {
  /** As the archive has it, without `./` before it. Never to be used as a path. */
  readonly name: string;
  /** A view into the archive. */
  readonly bytes: Uint8Array;
}

const BLOCK_BYTES = 512;

/**
 * The regular files of an archive of at most 64 MiB and 20,000 entries; folders, links and devices are passed over.
 * @throws EBPM_ARCHIVE_TOO_LARGE, EBPM_ARCHIVE_MALFORMED, EBPM_ARCHIVE_TRUNCATED
 */
export function archiveEntries(archive: Uint8Array): readonly ArchiveEntry[] {
  if (archive.length > MAX_BTF_ARCHIVE_BYTES) throw tooLarge(`${archive.length} bytes`);
  const entries: ArchiveEntry[] = [];
  let longName: string | undefined;
  let count = 0;
  for (let at = 0; at + BLOCK_BYTES <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) break;
    if (!hasSoundChecksum(header)) throw malformed(at);
    if (++count > MAX_BTF_ARCHIVE_ENTRIES) throw tooLarge(`more than ${MAX_BTF_ARCHIVE_ENTRIES} entries`);
    const sizeBytes = octal(header.subarray(124, 136));
    if (sizeBytes === undefined) throw malformed(at);
    const start = at + BLOCK_BYTES;
    if (sizeBytes > archive.length - start) throw truncated(at);
    const bytes = archive.subarray(start, start + sizeBytes);
    const type = String.fromCharCode(header[156] ?? 0);
    at = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
    if (type === 'L') longName = text(bytes.subarray(0, MAX_SPEC_LENGTH));
    else if (type === 'x') longName = paxPath(bytes) ?? longName;
    else {
      if (REGULAR.has(type)) entries.push({ name: (longName ?? nameIn(header)).replace(/^(\.\/)+/, ''), bytes });
      longName = undefined;
    }
  }
  return entries;
}

/** A regular file, an old one, a contiguous one. */
const REGULAR: ReadonlySet<string> = new Set(['0', '\0', '7']);

function nameIn(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  // GNU's own format has times where ustar has the rest of a name.
  const isUstar = header[262] === 0 && header[263] === 0x30;
  const prefix = isUstar ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function paxPath(bytes: Uint8Array): string | undefined {
  return /^\d+ path=(.*)$/m.exec(text(bytes.subarray(0, MAX_SPEC_LENGTH)))?.[1];
}

/** The sum of the header's bytes, with its own field as spaces. */
function hasSoundChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((rest, byte, index) => rest + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  return octal(header.subarray(148, 156)) === sum;
}

/** A number in octal digits, ended by a space or NUL; undefined for anything else, GNU's binary numbers among it. */
function octal(field: Uint8Array): number | undefined {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(new TextDecoder('latin1').decode(field))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}

function tooLarge(what: string): EbpmError {
  return new EbpmError('EBPM_ARCHIVE_TOO_LARGE', `Cannot use the archive: it has ${what}`);
}

function malformed(at: number): EbpmError {
  return new EbpmError('EBPM_ARCHIVE_MALFORMED', `Cannot use the archive: the header at byte ${at} is damaged`);
}

function truncated(at: number): EbpmError {
  return new EbpmError(
    'EBPM_ARCHIVE_TRUNCATED',
    `Cannot use the archive: it ends too early, in the entry at byte ${at}`,
  );
}
