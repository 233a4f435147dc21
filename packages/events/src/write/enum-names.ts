import type { EnumType } from '../value-type.js';
import { utf8Bytes, writeBytes } from './write-text.js';

/** The texts of an enum's values, ready to be copied. */
export interface EnumNames {
  /** Keys are numbers up to 32 bits and BigInts above, as the generated code reads them. */
  readonly known: ReadonlyMap<number | bigint, Uint8Array>;
  /** Turns the text of a value into what the output needs: quotes or escapes. */
  readonly quote: (text: string) => string;
}

/** Prepares the texts of an enum that is read from that many bits, as eunomia-bpf writes them: `NAME(value)`. */
export function enumNames(type: EnumType, bits: number, quote: (text: string) => string): EnumNames {
  const known = new Map<number | bigint, Uint8Array>();
  for (const [value, name] of type.names) {
    const key = bits > 32 ? value : Number(value);
    known.set(key, utf8Bytes(quote(enumText(name, key))));
  }
  return { known, quote };
}

/** Writes the text of an enum's value. */
export function writeEnum(out: Uint8Array, at: number, value: number | bigint, names: EnumNames): number {
  return writeBytes(out, at, names.known.get(value) ?? utf8Bytes(names.quote(enumText(UNKNOWN, value))));
}

/** Bytes of the longest text that one of the known values has. */
export function longestName(names: EnumNames): number {
  return [...names.known.values()].reduce((longest, text) => Math.max(longest, text.length), 0);
}

/** The longest text of a value without a name. */
export const UNKNOWN_ENUM_TEXT = '<UNKNOWN_VARIANT>(-9223372036854775808)';

const UNKNOWN = '<UNKNOWN_VARIANT>';

function enumText(name: string, value: number | bigint): string {
  return `${name}(${value})`;
}
