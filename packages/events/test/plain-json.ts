import { isUtf8 } from 'node:buffer';
import type { RecordField, ValueType } from '../src/value-type.js';

/**
 * What the JSON printer should write, put together the slow and obvious way: every value becomes one BigInt or JavaScript value first.
 * Text is as `JSON.stringify` writes it, so compare parsed, or use text without characters that terminals obey.
 */
export function plainJson(fields: readonly RecordField[], bytes: Uint8Array): string {
  const names = fields.map((field) => field.name);
  const members = fields.flatMap((field) => {
    const part = bytes.subarray(field.offsetBytes, field.offsetBytes + field.type.sizeBytes);
    const member = `${JSON.stringify(field.name)}:${valueJson(field.type, part)}`;
    const strings = stringsOf(field.type, part);
    if (strings === undefined || strings.flat(9).every((string) => isUtf8(string as Uint8Array))) return [member];
    let key = `${field.name}_hex`;
    while (names.includes(key)) key += '_';
    return [member, `${JSON.stringify(key)}:${JSON.stringify(toHex(strings[0] as Strings))}`];
  });
  return `{${members.join(',')}}`;
}

type Strings = Uint8Array | Strings[];

function valueJson(type: ValueType, bytes: Uint8Array): string {
  switch (type.kind) {
    case 'int': {
      const digits = String(integer(bytes, 0, type.sizeBytes * 8, type.signed));
      return type.sizeBytes === 16 ? `"${digits}"` : digits;
    }
    case 'pointer':
      return String(integer(bytes, 0, 64, false));
    case 'bool':
      return String(bytes[0] !== 0);
    case 'enum':
      return enumJson(type.names, integer(bytes, 0, type.sizeBytes * 8, type.signed));
    case 'bitfield': {
      const { of, shiftBits, bits } = type;
      const value = integer(bytes, shiftBits, bits, of.kind !== 'bool' && of.signed);
      if (of.kind === 'bool') return String(value !== 0n);
      if (of.kind === 'enum') return enumJson(of.names, value);
      return of.sizeBytes === 16 ? `"${value}"` : String(value);
    }
    case 'float': {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const value = type.sizeBytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
      return Object.is(value, -0) ? '-0' : JSON.stringify(value);
    }
    case 'string':
      return JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(cString(bytes)));
    case 'array':
      return `[${parts(type.element, type.length, bytes).map((part) => valueJson(type.element, part))}]`;
    default:
      return plainJson(type.fields, bytes);
  }
}

function enumJson(names: ReadonlyMap<bigint, string>, value: bigint): string {
  return JSON.stringify(`${names.get(value) ?? '<UNKNOWN_VARIANT>'}(${value})`);
}

function integer(bytes: Uint8Array, shift: number, bits: number, signed: boolean): bigint {
  const all = BigInt(`0x0${[...bytes].reverse().map(hexByte).join('')}`) >> BigInt(shift);
  return signed ? BigInt.asIntN(bits, all) : BigInt.asUintN(bits, all);
}

/** The strings of a field that is one, or an array of them. In a list, so that `flat` works on all shapes. */
function stringsOf(type: ValueType, bytes: Uint8Array): Strings[] | undefined {
  if (type.kind === 'string') return [cString(bytes)];
  if (type.kind !== 'array') return undefined;
  const strings = parts(type.element, type.length, bytes).map((part) => stringsOf(type.element, part)?.[0]);
  return strings.includes(undefined) || strings.length === 0 ? undefined : [strings as Strings[]];
}

function parts(element: ValueType, length: number, bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length }, (_, index) =>
    bytes.subarray(index * element.sizeBytes, (index + 1) * element.sizeBytes),
  );
}

function cString(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul === -1 ? bytes : bytes.subarray(0, nul);
}

function toHex(strings: Strings): unknown {
  return strings instanceof Uint8Array ? [...strings].map(hexByte).join('') : strings.map(toHex);
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
