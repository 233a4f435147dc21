import type { EnumType, IntType, PointerType } from './value-type.js';

/** The value of an integer, an address or an enum at a place in a record. */
export function readInteger(view: DataView, at: number, type: IntType | PointerType | EnumType): bigint {
  let value = 0n;
  for (let index = type.sizeBytes - 1; index >= 0; index -= 1)
    value = (value << 8n) | BigInt(view.getUint8(at + index));
  return type.kind !== 'pointer' && type.signed ? BigInt.asIntN(type.sizeBytes * 8, value) : value;
}
