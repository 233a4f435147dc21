import { RECORD_HEADER_BYTES, type RecordBatch } from '../src/record-batch.js';

/** Frames records as a ring buffer does; `flags` are or-ed into each header. */
export function frame(records: readonly Uint8Array[], flags = 0): RecordBatch {
  const sizes = records.map((record) => RECORD_HEADER_BYTES + Math.ceil(record.length / 8) * 8);
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  records.forEach((record, index) => {
    view.setUint32(at, (record.length | flags) >>> 0, true);
    view.setUint32(at + 4, 0xdead_beef, true);
    bytes.set(record, at + RECORD_HEADER_BYTES);
    at += sizes[index] ?? 0;
  });
  return { bytes };
}

/** Puts batches one after the other. */
export function concat(...batches: readonly RecordBatch[]): RecordBatch {
  return { bytes: Uint8Array.from(batches.flatMap((batch) => [...batch.bytes])) };
}

/** The bytes of a little-endian number. */
export function le(sizeBytes: number, value: bigint | number): number[] {
  const bits = BigInt.asUintN(sizeBytes * 8, BigInt(value));
  return Array.from({ length: sizeBytes }, (_, index) => Number((bits >> BigInt(index * 8)) & 0xffn));
}

/** The bytes of a char array: the text, then NULs. */
export function chars(sizeBytes: number, text: string): number[] {
  const bytes = new Uint8Array(sizeBytes);
  new TextEncoder().encodeInto(text, bytes);
  return [...bytes];
}

/** The text of what a printer gave. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
