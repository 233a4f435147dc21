import type { RecordType } from './record-type.js';
import { hexName } from './row/hex-name.js';
import type { RecordField, ValueType } from './value-type.js';
import { enumNames, jsonEnumText, longestName, UNKNOWN_ENUM_TEXT } from './write/enum-names.js';
import { jsonText } from './write/json-text.js';
import { isText } from './write/write-json-string.js';
import { utf8Bytes } from './write/write-text.js';

/**
 * The most bytes that a record can have as JSON. No other format writes a longer value, so each takes this plus what it puts between.
 * Printers make sure of that much room before each record, and write without looking again.
 */
export function recordTextBound(type: Pick<RecordType, 'fields'>): number {
  return fieldsBound(type.fields);
}

function fieldsBound(fields: readonly RecordField[]): number {
  const names = new Set(fields.map((field) => field.name));
  return fields.reduce((sum, { name, type }) => {
    const hexKey = isText(type) ? keyBytes(hexName(name, names)) : 0;
    return sum + keyBytes(name) + hexKey + valueBound(type);
  }, '{}'.length);
}

function keyBytes(name: string): number {
  return utf8Bytes(jsonText(name)).length + ':,'.length;
}

/** The most bytes that an element of an array can have as JSON, with what stands between elements. */
export function elementTextBound(element: ValueType): number {
  return valueBound(element) + ',,'.length;
}

function valueBound(type: ValueType): number {
  switch (type.kind) {
    case 'bool':
      return 'false'.length;
    case 'float':
      return '-0.0000012345678901234567'.length;
    case 'int':
    case 'pointer':
      return integerBound(type.sizeBytes * 8);
    case 'bitfield':
      return type.of.kind === 'int' ? integerBound(type.bits) : valueBound(type.of);
    case 'enum':
      return Math.max(longestName(enumNames(type, type.sizeBytes * 8, jsonEnumText)), UNKNOWN_ENUM_TEXT.length);
    case 'string':
      // Once as text, where a byte is at most `\u001b`, and once as hex.
      return type.sizeBytes * (6 + 2) + '""""'.length;
    case 'array':
      return type.length * elementTextBound(type.element) + '[][]'.length;
    case 'struct':
    case 'union':
      return fieldsBound(type.fields);
  }
}

/** Quotes, sign and digits; a bit is 0.302 of a digit. */
function integerBound(bits: number): number {
  return 3 + Math.ceil(bits * 0.302);
}
