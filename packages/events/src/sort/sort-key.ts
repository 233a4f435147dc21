import { EbpmError } from '@ebpm/formats';
import { fieldAt } from '../field-path.js';
import { FILTER_FUNCTIONS } from '../filter/filter-functions.js';
import { generateFunction } from '../generate-function.js';
import type { RecordType } from '../record-type.js';
import { integerCode } from '../row/integer-code.js';
import { sizeCode } from '../row/size-code.js';
import type { ValueType } from '../value-type.js';

/** What records are compared by; within one order, all keys are of one kind. */
export type SortKey = number | bigint | string;

/** The key of a record of `length` bytes that starts at `at` in `bytes` (`view` is a view of the same). */
export type SortKeyReader = (bytes: Uint8Array, view: DataView, at: number, length: number) => SortKey;

/**
 * Code that reads the key of a field: numbers exactly, text byte by byte.
 *
 * @throws EBPM_FIELD_UNKNOWN, EBPM_SORT_INVALID for arrays and structs
 */
export function sortKey(type: RecordType, path: string): SortKeyReader {
  const field = fieldAt(type, path);
  const code = keyCode(field.type, `o+${field.offsetBytes}`);
  if (code === undefined) {
    throw new EbpmError('EBPM_SORT_INVALID', `Cannot sort by "${path}": it is ${field.typeName}, which has no order`);
  }
  const functions = { ...FILTER_FUNCTIONS, orderedNumber, textKey };
  return generateFunction<SortKeyReader>('b,v,o,n', [`return ${code};`], functions, []);
}

/** Compares two keys of one order: negative, 0 or positive. */
export function compareKeys(one: SortKey, other: SortKey): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function keyCode(type: ValueType, at: string): string | undefined {
  switch (type.kind) {
    case 'array':
    case 'struct':
    case 'union':
      return undefined;
    case 'string':
      return `textKey(b,${at},${sizeCode(type, at)})`;
    case 'float':
      return `orderedNumber(v.getFloat${type.sizeBytes * 8}(${at},true))`;
    case 'bool':
      return `(b[${at}]!==0?1:0)`;
    default:
      return integerCode(type, at);
  }
}

/** NaN is below all other numbers, so that there is an order. */
function orderedNumber(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

/** A C string with a character for each byte, which JavaScript compares as C does. */
function textKey(bytes: Uint8Array, at: number, sizeBytes: number): string {
  let key = '';
  for (let index = at; index < at + sizeBytes; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0) break;
    key += String.fromCharCode(byte);
  }
  return key;
}
