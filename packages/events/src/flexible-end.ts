import { EbpmError } from '@ebpm/formats';
import { FLEXIBLE_TEXT_LIMIT } from './limits.js';
import type { RecordType } from './record-type.js';
import { elementTextBound } from './text-bound.js';
import type { ArrayType, RecordField, StringType } from './value-type.js';

/**
 * The type with its flexible array marked, where its last field is one (`char data[]`): it goes on to the end of each record. Elsewhere
 * an array without elements has none.
 *
 * @throws EBPM_EVENT_TYPE_TOO_LARGE for one whose elements would become far longer text than they are
 */
export function withFlexibleEnd(record: RecordType): RecordType {
  const field = record.fields.at(-1);
  const found = flexibleType(record);
  if (field === undefined || found === undefined) return record;
  const type = { ...found, flexible: true } as const;
  if (flexibleTextPerByte(type) > FLEXIBLE_TEXT_LIMIT) {
    throw new EbpmError(
      'EBPM_EVENT_TYPE_TOO_LARGE',
      `Cannot print event type "${record.name}": the text of "${field.name}" can have more than ${FLEXIBLE_TEXT_LIMIT} times its bytes`,
    );
  }
  return { ...record, fields: record.fields.map((other) => (other === field ? { ...field, type } : other)) };
}

/** The most bytes of text that a byte of a record's flexible array becomes; 0 where it has none. */
export function flexibleBound(fields: readonly RecordField[]): number {
  return Math.max(0, ...fields.map(({ type }) => ('flexible' in type ? flexibleTextPerByte(type) : 0)));
}

/** That of the last field, where it has no bytes of its own and stands behind all others. */
function flexibleType({ fields }: RecordType): StringType | ArrayType | undefined {
  const last = fields.at(-1);
  if (last === undefined || last.type.sizeBytes !== 0) return undefined;
  if (fields.some(({ offsetBytes, type }) => offsetBytes + type.sizeBytes > last.offsetBytes)) return undefined;
  const { type } = last;
  if (type.kind === 'array') return type.length === 0 && type.element.sizeBytes > 0 ? type : undefined;
  return type.kind === 'string' ? type : undefined;
}

function flexibleTextPerByte(type: StringType | ArrayType): number {
  const element = type.kind === 'array' ? type.element : ({ kind: 'string', sizeBytes: 1 } as const);
  return Math.ceil(elementTextBound(element) / element.sizeBytes);
}
