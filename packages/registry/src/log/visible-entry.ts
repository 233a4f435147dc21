import type { Op } from './op.js';

/**
 * An entry as a reader may see it: the header, and the lines of those operations that are for him. The hashes of the others stay
 * in the header, so that his chain verifies all the same.
 * @param bytes of a sound entry
 */
export function visibleEntry(bytes: Uint8Array, isVisible: (op: Op) => boolean): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const seen = lines.filter((line) => isVisible(JSON.parse(line) as Op));
  return seen.length === lines.length ? bytes : Buffer.from([header, ...seen, ''].join('\n'));
}
