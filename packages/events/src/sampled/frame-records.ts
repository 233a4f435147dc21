import { RECORD_HEADER_BYTES, type RecordBatch } from '../record-batch.js';

/** Frames records as a ring buffer does, so that what prints events prints them too. Each record is made of its parts. */
export function frameRecords(records: readonly (readonly Uint8Array[])[]): RecordBatch {
  const bytes = new Uint8Array(records.reduce((sum, parts) => sum + framedBytes(lengthOf(parts)), 0));
  const view = new DataView(bytes.buffer);
  let start = 0;
  for (const parts of records) {
    const length = lengthOf(parts);
    view.setUint32(start, length, true);
    let at = start + RECORD_HEADER_BYTES;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    start += framedBytes(length);
  }
  return { bytes };
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function framedBytes(length: number): number {
  return RECORD_HEADER_BYTES + Math.ceil(length / 8) * 8;
}
