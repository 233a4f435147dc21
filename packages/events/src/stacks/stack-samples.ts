import { RECORD_HEADER_BYTES, RECORD_LENGTH_MASK, type RecordBatch } from '../record-batch.js';
import type { NamedStack, StackSample, Symbolizer } from './stack-frame.js';
import type { StackReader } from './stack-reader.js';

/** Each record of a batch as a batch of its own; of a damaged one, what is before the damage. */
export function* singleRecords({ bytes }: RecordBatch): Iterable<RecordBatch> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const length = view.getUint32(at, true) & RECORD_LENGTH_MASK;
    const next = at + RECORD_HEADER_BYTES + Math.ceil(length / 8) * 8;
    yield { bytes: bytes.subarray(at, next) };
    at = next;
  }
}

/** The stacks of a batch that holds one record, which is as long as its type; undefined where it has none. */
export function stackSample({ bytes }: RecordBatch, reader: StackReader): StackSample | undefined {
  const record = bytes.subarray(RECORD_HEADER_BYTES);
  return reader.sample({
    bytes: record,
    view: new DataView(record.buffer, record.byteOffset, record.byteLength),
  });
}

/** Names the frames of a sample. */
export function nameStack(sample: StackSample, symbolizer: Symbolizer): NamedStack {
  // The process first: it may end at any moment, and with it goes what names its addresses.
  const user = symbolizer.user(sample.pid, sample.user);
  return { sample, kernel: symbolizer.kernel(sample.kernel), user };
}
