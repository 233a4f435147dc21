import { isUtf8, utf8Text } from '../utf8.js';
import type { ArrayType, StringType, ValueType } from '../value-type.js';
import { cString } from './c-string.js';
import { jsonText } from './json-text.js';
import { writeText } from './write-text.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Writes a char array as a JSON string. Where it is not UTF-8, its ill-formed parts become U+FFFD, and `hexKey` with the bytes in hex
 * follows, so that nothing is lost.
 */
export function writeJsonString(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  sizeBytes: number,
  hexKey: string,
): number {
  let position = at;
  out[position++] = QUOTE;
  for (let index = from; index < from + sizeBytes; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0) break;
    if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH) {
      return writeJsonStrings(out, at, bytes, from, { kind: 'string', sizeBytes }, hexKey);
    }
    out[position++] = byte;
  }
  out[position++] = QUOTE;
  return position;
}

/** The same for any text, and for arrays of char arrays: after these, the hex has the shape of the array. */
export function writeJsonStrings(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  type: StringType | ArrayType,
  hexKey: string,
): number {
  let sound = true;
  const text = jsonStrings(type, from, (offset, sizeBytes) => {
    const string = cString(bytes, offset, sizeBytes);
    sound &&= isUtf8(string);
    return jsonText(utf8Text(string));
  });
  const end = writeText(out, at, text);
  if (sound || hexKey === '') return end;
  const hex = jsonStrings(type, from, (offset, sizeBytes) => `"${hexText(cString(bytes, offset, sizeBytes))}"`);
  return writeText(out, end, hexKey + hex);
}

/** Whether it is a char array, or an array of such, of whatever depth. */
export function isText(type: ValueType): boolean {
  return type.kind === 'string' || (type.kind === 'array' && isText(type.element));
}

function jsonStrings(type: ValueType, from: number, convert: (from: number, sizeBytes: number) => string): string {
  if (type.kind !== 'array') return convert(from, type.sizeBytes);
  const { element } = type;
  const elements = Array.from({ length: type.length }, (_, index) =>
    jsonStrings(element, from + index * element.sizeBytes, convert),
  );
  return `[${elements.join(',')}]`;
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
