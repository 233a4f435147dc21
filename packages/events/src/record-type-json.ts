// A record type as JSON, and back. What comes back may come from anybody: it is checked as strictly as BTF is, since
// decoders read the fields of a record without looking again.

import { EbpmError } from '@ebpm/formats';
import { ENUM_NAME_LIMIT, NAME_LIMIT, RECORD_FIELD_LIMIT, RECORD_NESTING_LIMIT } from './limits.js';
import { checkRecordLimits, type RecordType } from './record-type.js';
import type { BitfieldType, EnumType, RecordField, ValueType } from './value-type.js';

/** A record type as a value for `JSON.stringify`: enums have a list of `[value, name]` with the digits as text. */
export function recordTypeToJson(type: RecordType): unknown {
  return { name: type.name, sizeBytes: type.sizeBytes, fields: type.fields.map(fieldToJson) };
}

function fieldToJson(field: RecordField): unknown {
  return { ...field, type: valueToJson(field.type) };
}

function valueToJson(type: ValueType): unknown {
  switch (type.kind) {
    case 'enum':
      return { ...type, names: [...type.names].map(([value, name]) => [String(value), name]) };
    case 'bitfield':
      return { ...type, of: valueToJson(type.of) };
    case 'array':
      return { ...type, element: valueToJson(type.element) };
    case 'struct':
    case 'union':
      return { ...type, fields: type.fields.map(fieldToJson) };
    default:
      return type;
  }
}

/**
 * The record type that `recordTypeToJson` was given. Every size, offset and name is checked.
 *
 * @throws EBPM_EVENT_TYPE_INVALID, EBPM_EVENT_TYPE_TOO_LARGE
 */
export function recordTypeFromJson(json: unknown): RecordType {
  const { name, sizeBytes, fields } = asObject(json, 'the type');
  const reader: Reader = { fields: 0, enumNames: 0 };
  const type = {
    name: asName(name),
    sizeBytes: asSize(sizeBytes),
    fields: asFields(reader, fields, { sizeBytes: asSize(sizeBytes), depth: 0 }),
  };
  if (type.fields.length === 0) throw invalid('it has no fields');
  return checkRecordLimits(type);
}

interface Reader {
  fields: number;
  enumNames: number;
}

function asFields(reader: Reader, json: unknown, { sizeBytes, depth }: { sizeBytes: number; depth: number }) {
  if (depth > RECORD_NESTING_LIMIT) throw invalid('it is nested too deeply');
  const names = new Set<string>();
  return asArray(json).map((item): RecordField => {
    reader.fields += 1;
    if (reader.fields > RECORD_FIELD_LIMIT) throw invalid(`it has more than ${RECORD_FIELD_LIMIT} fields`);
    const { name, offsetBytes, typeName, type } = asObject(item, 'a field');
    const field: RecordField = {
      name: asName(name),
      offsetBytes: asSize(offsetBytes),
      typeName: asName(typeName),
      type: asValueType(reader, type, depth + 1),
    };
    if (names.has(field.name)) throw invalid(`two fields are named "${field.name}"`);
    names.add(field.name);
    if (field.offsetBytes + field.type.sizeBytes > sizeBytes)
      throw invalid(`field "${field.name}" reaches beyond its end`);
    return field;
  });
}

function asValueType(reader: Reader, json: unknown, depth: number): ValueType {
  if (depth > RECORD_NESTING_LIMIT) throw invalid('it is nested too deeply');
  const type = asObject(json, 'a type');
  const sizeBytes = asSize(type['sizeBytes']);
  switch (type['kind']) {
    case 'int':
      return { kind: 'int', sizeBytes: oneOf(sizeBytes, [1, 2, 4, 8, 16]), signed: asBoolean(type['signed']) };
    case 'bool':
      return { kind: 'bool', sizeBytes: oneOf(sizeBytes, [1]) };
    case 'pointer':
      return { kind: 'pointer', sizeBytes: oneOf(sizeBytes, [8]) };
    case 'float':
      return { kind: 'float', sizeBytes: oneOf(sizeBytes, [4, 8]) };
    case 'enum':
      return asEnum(reader, type, sizeBytes);
    case 'bitfield':
      return asBitfield(reader, type, depth);
    case 'string':
      return { kind: 'string', sizeBytes };
    case 'array': {
      const element = asValueType(reader, type['element'], depth + 1);
      const length = asSize(type['length']);
      if (element.sizeBytes * length !== sizeBytes) throw invalid('an array has not the size of its elements');
      return { kind: 'array', sizeBytes, element, length };
    }
    case 'struct':
    case 'union':
      return {
        kind: type['kind'],
        sizeBytes,
        fields: asFields(reader, type['fields'], { sizeBytes, depth: depth + 1 }),
      };
    default:
      throw invalid('it has a field of no known kind');
  }
}

function asEnum(reader: Reader, type: JsonObject, sizeBytes: number): EnumType {
  const names = new Map<bigint, string>();
  for (const pair of asArray(type['names'])) {
    reader.enumNames += 1;
    if (reader.enumNames > ENUM_NAME_LIMIT) throw invalid(`its enums have more than ${ENUM_NAME_LIMIT} names`);
    const [value, name] = asArray(pair);
    if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) throw invalid('a value of an enum is no number');
    names.set(BigInt(value), asName(name));
  }
  return { kind: 'enum', sizeBytes: oneOf(sizeBytes, [1, 2, 4, 8]), signed: asBoolean(type['signed']), names };
}

function asBitfield(reader: Reader, type: JsonObject, depth: number): BitfieldType {
  const shiftBits = asSize(type['shiftBits']);
  const bits = asSize(type['bits']);
  const of = asValueType(reader, type['of'], depth + 1);
  if (of.kind !== 'int' && of.kind !== 'bool' && of.kind !== 'enum') throw invalid('bits of it are no integer');
  if (shiftBits > 7 || bits < 1 || bits > of.sizeBytes * 8) throw invalid('bits of it do not fit their type');
  return { kind: 'bitfield', sizeBytes: Math.ceil((shiftBits + bits) / 8), shiftBits, bits, of };
}

type JsonObject = Readonly<Record<string, unknown>>;

function asObject(json: unknown, what: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid(`${what} is no object`);
  return json as JsonObject;
}

function asArray(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw invalid('a list is missing');
  return json;
}

/** Printers take any text for a name, and escape it. */
function asName(json: unknown): string {
  if (typeof json === 'string' && json.length > 0 && json.length <= NAME_LIMIT) return json;
  throw invalid('a name is missing or too long');
}

function asSize(json: unknown): number {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0 && json <= 0x7fff_ffff) return json;
  throw invalid('a size or an offset is missing, or no such number');
}

function asBoolean(json: unknown): boolean {
  if (typeof json === 'boolean') return json;
  throw invalid('it is not said whether a number has a sign');
}

function oneOf<const Size extends number>(size: number, sizes: readonly Size[]): Size {
  const found = sizes.find((candidate) => candidate === size);
  if (found === undefined) throw invalid(`a value of ${size} bytes cannot be decoded`);
  return found;
}

function invalid(reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_INVALID', `Cannot read the type of recorded events: ${reason}`);
}
