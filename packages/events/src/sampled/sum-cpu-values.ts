import type { IntType, ValueType } from '../value-type.js';

/**
 * The sum of a value over all CPUs, field by field: integers and floats are added, integers wrap around at their width. All else (text,
 * enums, booleans, addresses, bitfields) is that of the first CPU whose value is not all zeros.
 */
export function sumCpuValues(type: ValueType, values: readonly Uint8Array[]): Uint8Array {
  const used = values.filter((value) => value.some((byte) => byte !== 0));
  const sum = Uint8Array.from(used[0] ?? values[0] ?? new Uint8Array(type.sizeBytes));
  const into = viewOf(sum);
  for (const value of used.slice(1)) add(type, into, viewOf(value), 0);
  return sum;
}

function add(type: ValueType, into: DataView, from: DataView, at: number): void {
  switch (type.kind) {
    case 'int':
      addInteger(type, into, from, at);
      return;
    case 'float':
      if (type.sizeBytes === 4) into.setFloat32(at, into.getFloat32(at, true) + from.getFloat32(at, true), true);
      else into.setFloat64(at, into.getFloat64(at, true) + from.getFloat64(at, true), true);
      return;
    case 'array':
      for (let index = 0; index < type.length; index += 1) {
        add(type.element, into, from, at + index * type.element.sizeBytes);
      }
      return;
    case 'struct':
      for (const field of type.fields) add(field.type, into, from, at + field.offsetBytes);
      return;
    default:
  }
}

/** Byte by byte with a carry: right for every width and both signs. */
function addInteger({ sizeBytes }: IntType, into: DataView, from: DataView, at: number): void {
  let carry = 0;
  for (let byte = at; byte < at + sizeBytes; byte += 1) {
    carry += into.getUint8(byte) + from.getUint8(byte);
    into.setUint8(byte, carry & 0xff);
    carry >>>= 8;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
