import { knownFormatOf } from '../known/known-format-of.js';
import { LISTED_FIELD_LIMIT } from '../limits.js';
import type { PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import type { EnumType, RecordField } from '../value-type.js';

/** The number that a name stands for in comparisons with a field: one of its enum, or a signal, system call or error where tables show these. */
export function namedValue(
  record: RecordType,
  field: RecordField,
  name: string,
  options: PrinterOptions,
): bigint | undefined {
  const enumeration = enumOf(field);
  const own = [...(enumeration?.names ?? [])].find(([, known]) => known === name);
  if (own !== undefined) return own[0];
  // Names are as good in a filter when the table shows numbers.
  return knownFormatOf(record, field, { ...options, numeric: false })?.names?.valueOf(name);
}

/** The names of the values of an enum's field, for messages. */
export function namesOf(field: RecordField): readonly string[] {
  return [...(enumOf(field)?.names.values() ?? [])].slice(0, LISTED_FIELD_LIMIT);
}

function enumOf({ type }: RecordField): EnumType | undefined {
  if (type.kind === 'enum') return type;
  return type.kind === 'bitfield' && type.of.kind === 'enum' ? type.of : undefined;
}
