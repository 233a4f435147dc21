import { EbpmError } from '@ebpm/formats';
import { FIELD_PATH_LIMIT, LISTED_FIELD_LIMIT } from './limits.js';
import type { RecordType } from './record-type.js';
import type { RecordField, ValueType } from './value-type.js';

/** The field that a path names, or why there is none and which there are. */
export type FoundField =
  | { readonly field: RecordField }
  | { readonly field: undefined; readonly reason: string; readonly paths: readonly string[] };

/**
 * Finds the field that a path names, with its offset from the start of the record and the path as its name: `pid`, `inner.first`,
 * `names[1]`, `points[0].x`.
 */
export function findField(record: RecordType, path: string): FoundField {
  const listed = (reason: string, fields = record.fields): FoundField => {
    return { field: undefined, reason, paths: fieldPaths(fields) };
  };
  // The columns of a map's entries are fields with a point in their names: `key.pid`.
  const named = record.fields.find(({ name }) => name === path);
  if (named !== undefined) return { field: named };
  if (path.length > FIELD_PATH_LIMIT || !PATH.test(path)) {
    return listed('fields are written as name, outer.inner and array[0]');
  }
  let field: RecordField = { name: '', offsetBytes: 0, typeName: record.name, type: { kind: 'struct', ...record } };
  for (const [, index, name = ''] of path.matchAll(STEP)) {
    const step = index === undefined ? memberOf(field.type, name) : elementOf(field, Number(index));
    if (step === undefined) {
      if (field.name === '') return listed(`events of type "${record.name}" have no field "${name}"`);
      const { type } = field;
      return listed(`"${field.name}" is ${describe(type)}`, 'fields' in type ? type.fields : record.fields);
    }
    const separator = index !== undefined || field.name === '' ? '' : '.';
    const offsetBytes = field.offsetBytes + step.offsetBytes;
    field = { ...step, offsetBytes, name: `${field.name}${separator}${step.name}` };
  }
  return { field };
}

/**
 * The same, for a path that must be there.
 *
 * @throws EBPM_FIELD_UNKNOWN, with the fields that there are
 */
export function fieldAt(record: RecordType, path: string): RecordField {
  const found = findField(record, path);
  if (found.field !== undefined) return found.field;
  throw new EbpmError('EBPM_FIELD_UNKNOWN', `Cannot find field "${path}": ${found.reason}`, {
    hint: fieldList(found.paths),
    data: { fields: found.paths },
  });
}

/** The sentence that lists fields. */
export function fieldList(paths: readonly string[]): string {
  return `Fields: ${paths.join(', ')}`;
}

/** The paths of fields and of what is nested in them, at most `LISTED_FIELD_LIMIT`. */
function fieldPaths(fields: readonly RecordField[]): readonly string[] {
  const paths: string[] = [];
  const visit = (list: readonly RecordField[], prefix: string): void => {
    for (const { name, type } of list) {
      if (paths.length >= LISTED_FIELD_LIMIT) return;
      paths.push(prefix + name);
      if ('fields' in type) visit(type.fields, `${prefix}${name}.`);
    }
  };
  visit(fields, '');
  return paths;
}

const NAME = '[^\\s.,:"\'\\[\\]()<>=!~&|]+';
const PATH = new RegExp(`^${NAME}(?:\\.${NAME}|\\[\\d{1,9}\\])*$`, 'u');
const STEP = new RegExp(`\\[(\\d+)\\]|(${NAME})`, 'gu');

function memberOf(type: ValueType, name: string): RecordField | undefined {
  return 'fields' in type ? type.fields.find((field) => field.name === name) : undefined;
}

function elementOf({ type, typeName }: RecordField, index: number): RecordField | undefined {
  if (type.kind !== 'array' || index >= type.length) return undefined;
  const { element } = type;
  return { name: `[${index}]`, offsetBytes: index * element.sizeBytes, typeName: elementName(typeName), type: element };
}

/** `u8[2][16]` has elements of `u8[16]`. */
function elementName(typeName: string): string {
  return typeName.replace(/\[\d+\]/, '');
}

function describe(type: ValueType): string {
  switch (type.kind) {
    case 'array':
      return type.flexible === true
        ? 'an array with as many elements as each event has'
        : `an array with ${type.length} elements, counted from 0`;
    case 'struct':
    case 'union':
      return `a ${type.kind} without such a field`;
    default:
      return 'a single value, without fields or elements';
  }
}
