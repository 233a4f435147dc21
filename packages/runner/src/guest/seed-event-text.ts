import type { RecordField, RecordType, ValueType } from '@ebpm/events';

/** Makes the JSON of one event, of its bytes. */
export type EventText = (bytes: Uint8Array) => string;

type FieldText = (view: DataView) => string;

/**
 * Events as the first releases of eunomia-bpf gave them to modules: fields in their order without blanks; integers of 64 and 16 bits unsigned, of 32 bits signed, of 8 bits
 * unsigned, bools 0 or 1, arrays of char as texts; other fields are left out. Texts are escaped, which those releases forgot.
 */
export function seedEventText(type: RecordType): EventText {
  const fields = type.fields.flatMap((field) => fieldText(field) ?? []);
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return `{${fields.map((text) => text(view)).join(',')}}`;
  };
}

function fieldText({ name, offsetBytes, type }: RecordField): FieldText | undefined {
  const read = VALUES[type.kind === 'string' ? 'string' : `${type.sizeBytes}`];
  if (read === undefined || !isScalar(type)) return undefined;
  const key = JSON.stringify(name);
  return (view) => `${key}:${read(view, offsetBytes, type.sizeBytes)}`;
}

function isScalar({ kind }: ValueType): boolean {
  return kind === 'int' || kind === 'bool' || kind === 'enum' || kind === 'string';
}

const VALUES: Readonly<Record<string, (view: DataView, at: number, size: number) => string>> = {
  1: (view, at) => String(view.getUint8(at)),
  2: (view, at) => String(view.getUint16(at, true)),
  4: (view, at) => String(view.getInt32(at, true)),
  8: (view, at) => String(view.getBigUint64(at, true)),
  string: (view, at, size) => {
    const bytes = Buffer.from(view.buffer, view.byteOffset + at, size);
    const end = bytes.indexOf(0);
    return JSON.stringify(bytes.toString('utf8', 0, end < 0 ? size : end));
  },
};
