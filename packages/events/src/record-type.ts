import { EbpmError } from '@ebpm/formats';
import type { Btf, BtfComposite, BtfMember } from '@ebpm/object';
import { RECORD_FIELD_LIMIT, RECORD_SIZE_LIMIT, recordTextLimit } from './limits.js';
import { scalarType } from './scalar-type.js';
import { recordTextBound } from './text-bound.js';
import type { BitfieldType, RecordField, ValueType } from './value-type.js';

/** What one event looks like: made once from BTF, checked, and all that printers need. */
export interface RecordType {
  /** Name of the struct, or C text of a scalar type. */
  readonly name: string;
  /** Smallest number of bytes that an event of this type has. */
  readonly sizeBytes: number;
  /** In the order of declaration. Members of anonymous structs and unions stand among those of the struct around them. */
  readonly fields: readonly RecordField[];
}

/**
 * Describes the events of a BTF type: a struct, or a scalar, which becomes one field named like its type (`u32`).
 * @throws EBPM_EVENT_TYPE_UNSUPPORTED for what has no value to print (void, functions, floats of other than 4 or 8 bytes)
 * @throws EBPM_EVENT_TYPE_INVALID when fields share a name or leave their struct
 * @throws EBPM_EVENT_TYPE_TOO_LARGE past one of the limits
 */
export function recordType(btf: Btf, typeId: number): RecordType {
  const type = btf.resolve(typeId);
  const typeName = typeNameOf(btf, typeId);
  const name = (type.kind === 'struct' || type.kind === 'union') && type.name !== '' ? type.name : typeName;
  const reader: Reader = { btf, name, fields: 0 };
  const value = valueType(reader, typeId, '');
  const record: RecordType = {
    name,
    sizeBytes: value.sizeBytes,
    fields: 'fields' in value ? value.fields : [{ name, offsetBytes: 0, typeName, type: value }],
  };
  if (record.fields.length === 0) throw unsupported(reader, '', 'it has no fields');
  return checkRecordLimits(record);
}

/** The same type, if printers can take it. @throws EBPM_EVENT_TYPE_TOO_LARGE */
export function checkRecordLimits(record: RecordType): RecordType {
  if (record.sizeBytes > RECORD_SIZE_LIMIT) {
    throw tooLarge(record, `it has ${record.sizeBytes} bytes, the limit is ${RECORD_SIZE_LIMIT}`);
  }
  if (recordTextBound(record) > recordTextLimit(record.sizeBytes)) {
    throw tooLarge(record, `its text can have more than ${recordTextLimit(record.sizeBytes)} bytes`);
  }
  return record;
}

interface Reader {
  readonly btf: Btf;
  /** Of the whole record, for messages. */
  readonly name: string;
  /** How many have been seen. */
  fields: number;
}

/** `path` is that of the field, for messages; '' for the record itself. */
function valueType(reader: Reader, typeId: number, path: string): ValueType {
  const { btf } = reader;
  const type = btf.resolve(typeId);
  switch (type.kind) {
    case 'struct':
    case 'union':
      return { kind: type.kind, sizeBytes: type.sizeBytes, fields: compositeFields(reader, type, path) };
    case 'array': {
      const element = btf.resolve(type.elementTypeId);
      if (element.kind === 'int' && element.name === 'char') return { kind: 'string', sizeBytes: type.length };
      const value = valueType(reader, type.elementTypeId, path);
      return { kind: 'array', sizeBytes: value.sizeBytes * type.length, element: value, length: type.length };
    }
    default: {
      const scalar = scalarType(type);
      if (scalar === undefined) {
        throw unsupported(reader, path, `values of type "${btf.nameOf(typeId)}" cannot be decoded`);
      }
      return scalar;
    }
  }
}

function compositeFields(reader: Reader, composite: BtfComposite, path: string): readonly RecordField[] {
  const fields: RecordField[] = [];
  for (const member of composite.members) {
    reader.fields += 1;
    if (reader.fields > RECORD_FIELD_LIMIT) throw tooLarge(reader, `it has more than ${RECORD_FIELD_LIMIT} fields`);
    fields.push(...memberFields(reader, member, path));
  }
  const names = new Set<string>();
  for (const { name, offsetBytes, type } of fields) {
    if (names.has(name)) throw invalid(reader, join(path, name), 'another field has the same name');
    names.add(name);
    // Decoders read all fields of a record that has the size of its struct, without looking again.
    if (offsetBytes + type.sizeBytes > composite.sizeBytes) {
      throw invalid(reader, join(path, name), 'it reaches beyond the end of its struct');
    }
  }
  return fields;
}

/** One field; the fields of an anonymous struct or union; none for unnamed padding. */
function memberFields(reader: Reader, member: BtfMember, path: string): readonly RecordField[] {
  const { btf } = reader;
  const { name, typeId, offsetBits } = member;
  const offsetBytes = Math.floor(offsetBits / 8);
  if (name === '') {
    const type = btf.resolve(typeId);
    if (type.kind !== 'struct' && type.kind !== 'union') return [];
    const inner = compositeFields(reader, type, path);
    return inner.map((field) => ({ ...field, offsetBytes: offsetBytes + field.offsetBytes }));
  }
  const value = valueType(reader, typeId, join(path, name));
  const type = member.bitfieldBits === 0 ? value : bitfieldType(reader, member, value, path);
  return [{ name, offsetBytes, typeName: typeNameOf(btf, typeId), type }];
}

function bitfieldType(reader: Reader, member: BtfMember, of: ValueType, path: string): BitfieldType {
  const { name, offsetBits, bitfieldBits: bits } = member;
  if (of.kind !== 'int' && of.kind !== 'bool' && of.kind !== 'enum') {
    throw unsupported(reader, join(path, name), 'bits that are no integer, bool or enum cannot be decoded');
  }
  const shiftBits = offsetBits % 8;
  return { kind: 'bitfield', sizeBytes: Math.ceil((shiftBits + bits) / 8), shiftBits, bits, of };
}

/** The C text of a type without const, volatile and type tags around it, so that `const volatile pid_t` is a `pid_t`. */
function typeNameOf(btf: Btf, typeId: number): string {
  const type = btf.type(typeId);
  switch (type.kind) {
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'type_tag':
      return typeNameOf(btf, type.typeId);
    default:
      return btf.nameOf(typeId);
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function subject({ name }: Pick<Reader, 'name'>, path: string): string {
  return path === '' ? `event type "${name}"` : `field "${path}" of event type "${name}"`;
}

function unsupported(reader: Reader, path: string, reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_UNSUPPORTED', `Cannot print ${subject(reader, path)}: ${reason}`);
}

function invalid(reader: Reader, path: string, reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_INVALID', `Cannot read ${subject(reader, path)}: ${reason}`);
}

function tooLarge(named: Pick<Reader, 'name'>, reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_TOO_LARGE', `Cannot print ${subject(named, '')}: ${reason}`);
}
