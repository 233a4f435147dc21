import { utf8Bytes } from '../write/write-text.js';

/** The names of some numbers. */
export interface NameTable {
  /** The text of a number, as bytes; undefined where it has none. */
  text(value: number): Uint8Array | undefined;
  /** The number of a name, for filters. */
  valueOf(name: string): bigint | undefined;
}

/** A table of names that are known. Of several names for a number, the first is shown; all can be looked up. */
export function nameTable(names: Iterable<readonly [name: string, value: number]>): NameTable {
  const texts = new Map<number, Uint8Array>();
  const values = new Map<string, bigint>();
  for (const [name, value] of names) {
    if (!texts.has(value)) texts.set(value, utf8Bytes(name));
    values.set(name, BigInt(value));
  }
  return { text: (value) => texts.get(value), valueOf: (name) => values.get(name) };
}
