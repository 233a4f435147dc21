import type { Btf } from '@ebpm/object';
import { checkRecordLimits, type RecordType, recordType } from '../record-type.js';
import type { CompositeType, RecordField, ValueType } from '../value-type.js';

/** What is known of a map whose entries are shown. */
export interface KeyValueMap {
  readonly name: string;
  readonly keySizeBytes: number;
  readonly valueSizeBytes: number;
  /** BTF ids; undefined where the map's definition gives sizes only. */
  readonly keyTypeId: number | undefined;
  readonly valueTypeId: number | undefined;
  /** What the value looks like instead of its type, at most as long as the value. */
  readonly valueType?: RecordType | undefined;
}

/** How the entries of a map are described. */
export interface KeyValueOptions {
  /** Whether the number of a CPU follows, as u32: entries of a per-CPU map that are shown one by one. */
  readonly cpu?: boolean;
}

/**
 * The type of a map's entries as records: the bytes of the key, then those of the value. Its fields are `key` and `value`; a key that
 * is a scalar is a struct of one field named like its type: `{"key":{"u32":1},"value":{"u64":2}}`.
 *
 * @throws the codes of `recordType`
 */
export function keyValueType(
  btf: Btf | undefined,
  map: KeyValueMap,
  { cpu = false }: KeyValueOptions = {},
): RecordType {
  const key = partType(btf, map.keyTypeId, map.keySizeBytes);
  const value =
    map.valueType === undefined
      ? partType(btf, map.valueTypeId, map.valueSizeBytes)
      : ({ kind: 'struct', sizeBytes: map.valueSizeBytes, fields: map.valueType.fields } as const);
  const end = key.sizeBytes + value.sizeBytes;
  return checkRecordLimits({
    name: map.name,
    sizeBytes: end + (cpu ? CPU_FIELD.type.sizeBytes : 0),
    fields: [
      { name: 'key', offsetBytes: 0, typeName: 'key', type: key },
      { name: 'value', offsetBytes: key.sizeBytes, typeName: 'value', type: value },
      ...(cpu ? [{ ...CPU_FIELD, offsetBytes: end }] : []),
    ],
  });
}

/** The fields of keys and values themselves, named `key.pid`, `value.count`: the columns of a table. */
export function keyValueColumns(type: RecordType): RecordType {
  return { ...type, fields: type.fields.flatMap(innerFields) };
}

function innerFields(field: RecordField): readonly RecordField[] {
  if (!('fields' in field.type)) return [field];
  return field.type.fields.map((inner) => ({
    ...inner,
    name: `${field.name}.${inner.name}`,
    offsetBytes: field.offsetBytes + inner.offsetBytes,
  }));
}

const CPU_FIELD: RecordField = {
  name: 'cpu',
  offsetBytes: 0,
  typeName: 'u32',
  type: { kind: 'int', sizeBytes: 4, signed: false },
};

function partType(btf: Btf | undefined, typeId: number | undefined, sizeBytes: number): CompositeType {
  if (btf !== undefined && typeId !== undefined) {
    const { fields } = recordType(btf, typeId);
    return { kind: 'struct', sizeBytes, fields };
  }
  const { name, type } = untyped(sizeBytes);
  return { kind: 'struct', sizeBytes, fields: [{ name, offsetBytes: 0, typeName: name, type }] };
}

/** Without a type, 1, 2, 4 and 8 bytes are an unsigned number, others an array of bytes. */
function untyped(sizeBytes: number): { readonly name: string; readonly type: ValueType } {
  switch (sizeBytes) {
    case 1:
    case 2:
    case 4:
    case 8:
      return { name: `u${sizeBytes * 8}`, type: { kind: 'int', sizeBytes, signed: false } };
    default: {
      const element = { kind: 'int', sizeBytes: 1, signed: false } as const;
      return { name: 'bytes', type: { kind: 'array', sizeBytes, length: sizeBytes, element } };
    }
  }
}
