import { viewOf } from './data-view.js';
import { BTF_MAX_BYTES, BTF_MAX_NAME_OFFSET } from './limits.js';
import { refusal } from './refusal.js';

/** The magic number at the start of .BTF and .BTF.ext. */
const BTF_MAGIC = 0xeb9f;

const SWAPPED_MAGIC = 0x9feb;

/** Bytes of struct btf_header. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/btf.h */
const BTF_HEADER_BYTES = 24;

/** Whether a BTF blob stands by itself, or goes on where the strings of another end. */
export type BtfStanding = 'alone' | 'split';

/** The two sections of a BTF blob. */
export interface BtfSections {
  readonly types: Uint8Array;
  readonly strings: Uint8Array;
}

/**
 * Reads the header of a BTF blob. A longer header is accepted, as libbpf does, so that what newer kernels add does no harm.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE
 */
export function readBtfHeader(bytes: Uint8Array, standing: BtfStanding = 'alone'): BtfSections {
  if (bytes.length > BTF_MAX_BYTES) {
    throw refusal('EBPM_BTF_TOO_LARGE', `it has ${bytes.length} bytes, wanted at most ${BTF_MAX_BYTES}`);
  }
  if (bytes.length < BTF_HEADER_BYTES) {
    throw refusal('EBPM_BTF_INVALID', `it has ${bytes.length} bytes, wanted at least ${BTF_HEADER_BYTES}`);
  }
  const view = viewOf(bytes);
  const headerBytes = checkBtfPreamble(view, 'BTF', BTF_HEADER_BYTES);
  const body = bytes.subarray(headerBytes);
  const types = section(body, view.getUint32(8, true), view.getUint32(12, true), 'types');
  const strings = section(body, view.getUint32(16, true), view.getUint32(20, true), 'strings');
  if (view.getUint32(8, true) % 4 !== 0) {
    throw refusal('EBPM_BTF_INVALID', 'its types are not aligned to 4 bytes', { offsetBytes: 8 });
  }
  if (view.getUint32(8, true) + types.length > view.getUint32(16, true)) {
    throw refusal('EBPM_BTF_INVALID', 'its strings do not follow its types', { offsetBytes: 16 });
  }
  checkStrings(strings, standing);
  return { types, strings };
}

/**
 * Checks magic, version, flags and length, with which .BTF and .BTF.ext both start.
 * @returns the length of the header in bytes
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED
 */
export function checkBtfPreamble(view: DataView, what: string, leastBytes: number): number {
  const magic = view.getUint16(0, true);
  if (magic === SWAPPED_MAGIC) {
    throw refusal('EBPM_BTF_UNSUPPORTED', `${what} is big-endian, wanted little-endian`, { offsetBytes: 0 });
  }
  if (magic !== BTF_MAGIC) {
    throw refusal(
      'EBPM_BTF_INVALID',
      `${what} starts with 0x${magic.toString(16)}, wanted 0x${BTF_MAGIC.toString(16)}`,
      { offsetBytes: 0 },
    );
  }
  const version = view.getUint8(2);
  const flags = view.getUint8(3);
  if (version !== 1 || flags !== 0) {
    throw refusal('EBPM_BTF_UNSUPPORTED', `${what} has version ${version} and flags ${flags}, wanted 1 and 0`, {
      offsetBytes: 2,
    });
  }
  const headerBytes = view.getUint32(4, true);
  if (headerBytes < leastBytes || headerBytes > view.byteLength || headerBytes % 4 !== 0) {
    throw refusal(
      'EBPM_BTF_INVALID',
      `the header of ${what} has ${headerBytes} bytes, wanted ${leastBytes} to ${view.byteLength}`,
      { offsetBytes: 4 },
    );
  }
  return headerBytes;
}

function section(body: Uint8Array, offsetBytes: number, sizeBytes: number, what: string): Uint8Array {
  if (offsetBytes + sizeBytes > body.length) {
    throw refusal(
      'EBPM_BTF_INVALID',
      `its ${what} have ${sizeBytes} bytes at byte ${offsetBytes} of ${body.length} after the header`,
    );
  }
  return body.subarray(offsetBytes, offsetBytes + sizeBytes);
}

function checkStrings(strings: Uint8Array, standing: BtfStanding): void {
  if (standing === 'split' && strings.length === 0) return;
  if ((strings[0] !== 0 && standing === 'alone') || strings.at(-1) !== 0) {
    throw refusal('EBPM_BTF_INVALID', 'its strings do not start and end with NUL');
  }
  if (strings.length - 1 > BTF_MAX_NAME_OFFSET) {
    throw refusal(
      'EBPM_BTF_TOO_LARGE',
      `its strings have ${strings.length} bytes, wanted at most ${BTF_MAX_NAME_OFFSET + 1}`,
    );
  }
}
