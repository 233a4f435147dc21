import { readInteger } from '../read-integer.js';
import { utf8Text } from '../utf8.js';
import type { RecordField, ValueType } from '../value-type.js';
import { cString } from '../write/c-string.js';

/** A record, as those that read single fields of it see it. */
export interface RecordView {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** The value of a field that holds a number; undefined for other kinds of field, and where there is none. */
export function readNumber({ view }: RecordView, field: RecordField | undefined): bigint | undefined {
  return field !== undefined && isNumber(field.type) ? readInteger(view, field.offsetBytes, field.type) : undefined;
}

/** The text of a field that holds text; undefined for other kinds of field, and where there is none. */
export function readText({ bytes }: RecordView, field: RecordField | undefined): string | undefined {
  if (field?.type.kind !== 'string') return undefined;
  return utf8Text(cString(bytes, field.offsetBytes, field.type.sizeBytes));
}

export function isNumber(type: ValueType): type is Extract<ValueType, { kind: 'int' | 'pointer' | 'enum' }> {
  return type.kind === 'int' || type.kind === 'pointer' || type.kind === 'enum';
}
