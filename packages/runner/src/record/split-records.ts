import { RECORD_HEADER_BYTES, RECORD_LENGTH_MASK } from '@ebpm/events';

/** Framed records in pieces of at most so many bytes, each of whole records; a record that is longer has a piece to itself. */
export function* splitRecords(bytes: Uint8Array, maxBytes: number): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true) & RECORD_LENGTH_MASK;
    const next = at + RECORD_HEADER_BYTES + Math.ceil(length / 8) * 8;
    if (next - start > maxBytes && at > start) {
      yield bytes.subarray(start, at);
      start = at;
    }
    at = next;
  }
  if (start < bytes.length) yield bytes.subarray(start);
}
