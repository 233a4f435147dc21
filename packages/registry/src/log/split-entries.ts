// Entries as stored, one after another: the next one begins where a line begins as its header must. No operation's line does:
// a writer puts "type" first.

import { ENTRY_LIMITS, LOG_LIMITS } from '../limits-log.js';
import { unsound } from './log-errors.js';

/**
 * Takes entries apart that stand one after another in the public log's order; `first` is the number of the first one.
 * @throws EBPM_LOG_UNSOUND when one is larger than an entry may be
 */
export async function* splitEntries(
  chunks: AsyncIterable<Uint8Array>,
  first: number,
): AsyncGenerator<Uint8Array, void> {
  let next = first + 1;
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = startOf(next, rest);
      if (end < 0) break;
      yield rest.subarray(0, end);
      rest = rest.subarray(end);
      next++;
    }
    if (rest.length > ENTRY_LIMITS.entrySizeBytes + LOG_LIMITS.chunkSizeBytes) {
      throw unsound('log', next - 1, 'a copy of it has no end');
    }
  }
  if (rest.length > 0) yield rest;
}

/** Where the header of this entry begins, behind the start; -1 when it is not there. */
function startOf(seq: number, bytes: Uint8Array): number {
  const mark = `\n{"v":1,"seq":${seq},"prev":"`;
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(mark);
  return found < 0 ? -1 : found + 1;
}
