import { printable } from '../printable.js';
import type { EnumType } from '../value-type.js';
import { jsonText } from './json-text.js';
import { utf8Bytes, writeBytes } from './write-text.js';

/** Turns a value of an enum, and its name if it has one, into the text of an output format. */
export type EnumText = (name: string | undefined, value: number | bigint) => string;

/** The texts of an enum's values, ready to be copied. */
export interface EnumNames {
  /** Keys are numbers up to 32 bits and BigInts above, as the generated code reads them. */
  readonly known: ReadonlyMap<number | bigint, Uint8Array>;
  readonly text: EnumText;
}

/** Prepares the texts of an enum that is read from that many bits. */
export function enumNames(type: EnumType, bits: number, text: EnumText): EnumNames {
  const known = new Map<number | bigint, Uint8Array>();
  for (const [value, name] of type.names) {
    const key = bits > 32 ? value : Number(value);
    known.set(key, utf8Bytes(text(name, key)));
  }
  return { known, text };
}

/** Writes the text of an enum's value. */
export function writeEnum(out: Uint8Array, at: number, value: number | bigint, names: EnumNames): number {
  return writeBytes(out, at, names.known.get(value) ?? utf8Bytes(names.text(undefined, value)));
}

/** Bytes of the longest text that one of the known values has. */
export function longestName(names: EnumNames): number {
  return [...names.known.values()].reduce((longest, text) => Math.max(longest, text.length), 0);
}

/** JSON has name and number in one string, as eunomia-bpf writes them: `NAME(value)`. */
export function jsonEnumText(name: string | undefined, value: number | bigint): string {
  return jsonText(`${name ?? '<UNKNOWN_VARIANT>'}(${value})`);
}

/** Tables have the name, or the number where there is none. */
export function tableEnumText(name: string | undefined, value: number | bigint): string {
  return name === undefined ? value.toString() : printable(name);
}

/** The longest text of a value without a name. */
export const UNKNOWN_ENUM_TEXT = jsonEnumText(undefined, -(2n ** 63n));
