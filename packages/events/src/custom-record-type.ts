import { EbpmError } from '@ebpm/formats';
import type { Btf } from '@ebpm/object';
import { checkRecordLimits, type RecordType, recordType } from './record-type.js';
import type { RecordField } from './value-type.js';

/** A part of an event whose layout is no struct of its own. */
export interface CustomMember {
  readonly name: string;
  readonly offsetBytes: number;
  readonly typeId: number;
}

/**
 * Describes events by parts that are given one by one, in whatever order.
 *
 * @throws EBPM_EVENT_TYPE_INVALID when a type is not there, two parts have one name or overlap, or there is none; the codes of `recordType`
 */
export function customRecordType(btf: Btf, name: string, members: readonly CustomMember[]): RecordType {
  if (members.length === 0) throw invalid(name, 'no part of it is given');
  const fields = members.map((member) => fieldOf(btf, name, member)).sort((a, b) => a.offsetBytes - b.offsetBytes);
  let end = 0;
  const names = new Set<string>();
  for (const field of fields) {
    if (names.has(field.name)) throw invalid(name, `two parts are named "${field.name}"`);
    names.add(field.name);
    if (field.offsetBytes < end) throw invalid(name, `part "${field.name}" overlaps with the one before it`);
    end = field.offsetBytes + field.type.sizeBytes;
  }
  return checkRecordLimits({ name, sizeBytes: end, fields });
}

function fieldOf(btf: Btf, record: string, { name, offsetBytes, typeId }: CustomMember): RecordField {
  if (typeId === 0 || typeId >= btf.count) {
    throw invalid(record, `the type of part "${name}" is number ${typeId}, which its object does not have`);
  }
  const { name: typeName, sizeBytes, fields } = recordType(btf, typeId);
  const type = btf.resolve(typeId).kind;
  if (type === 'struct' || type === 'union') {
    return { name, offsetBytes, typeName, type: { kind: type, sizeBytes, fields } };
  }
  const [scalar] = fields;
  if (scalar === undefined) throw invalid(record, `part "${name}" has no value`);
  return { ...scalar, name, offsetBytes };
}

function invalid(name: string, reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_INVALID', `Cannot read the events of map "${name}": ${reason}`);
}
