import { findField } from '../field-path.js';
import type { PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import type { RecordField } from '../value-type.js';
import { KNOWN_FIELDS } from './known-fields.js';
import type { KnownFormat } from './known-format.js';

/**
 * How a field is shown that is known by its name and type; undefined for all others, and for all when numbers are wanted. `field` is named
 * by its path in `record`.
 */
export function knownFormatOf(
  record: RecordType,
  field: RecordField,
  options: PrinterOptions,
): KnownFormat | undefined {
  if (options.numeric === true) return undefined;
  const prefix = field.name.slice(0, field.name.lastIndexOf('.') + 1);
  const name = field.name.slice(prefix.length).toLowerCase();
  const known = KNOWN_FIELDS.find((candidate) => candidate.name.test(name) && candidate.type(field));
  return known?.format(field, options, (wanted) => siblingOf(record, field, prefix, wanted));
}

function siblingOf(record: RecordType, field: RecordField, prefix: string, wanted: RegExp): RecordField | undefined {
  const outer = prefix === '' ? undefined : findField(record, prefix.slice(0, -1)).field;
  const fields = outer === undefined ? record.fields : 'fields' in outer.type ? outer.type.fields : [];
  const found = fields.find(({ name }) => wanted.test(name.toLowerCase()));
  if (found === undefined) return undefined;
  return { ...found, offsetBytes: (outer?.offsetBytes ?? 0) + found.offsetBytes - field.offsetBytes };
}
