import type { BitfieldType, EnumType, IntType, PointerType } from '../value-type.js';

/** What is an integer in memory. */
type IntegerType = IntType | PointerType | EnumType | BitfieldType;

/** Code that writes an integer in decimal. `at` is the code of its offset in `b`. */
export function writeIntegerCode(type: IntegerType, at: string): string {
  const { bits, signed } = integerOf(type);
  if (type.kind !== 'bitfield' && bits === 64) {
    const high = signed ? `v.getInt32(${at}+4,true)` : `v.getUint32(${at}+4,true)`;
    return `${signed ? 'writeInt64' : 'writeUint64'}(t,p,v.getUint32(${at},true),${high})`;
  }
  const value = integerCode(type, at);
  if (bits > 32) return `writeBigInt(t,p,${value})`;
  return `${signed ? 'writeInt32' : 'writeUint32'}(t,p,${value})`;
}

/** Code of an integer's value: a number up to 32 bits, else a BigInt. */
export function integerCode(type: IntegerType, at: string): string {
  const { bits, signed } = integerOf(type);
  const shift = type.kind === 'bitfield' ? type.shiftBits : 0;
  if (type.kind === 'bitfield' || bits > 64) {
    return `read${signed ? 'Signed' : ''}${bits > 32 ? 'Wide' : ''}Bits(b,${at},${shift},${bits})`;
  }
  if (bits === 8) return signed ? `v.getInt8(${at})` : `b[${at}]`;
  return `v.get${bits === 64 ? 'Big' : ''}${signed ? 'Int' : 'Uint'}${bits}(${at},true)`;
}

/** Width and sign of the number behind a type. */
export function integerOf(type: IntegerType): { bits: number; signed: boolean } {
  if (type.kind === 'pointer') return { bits: 64, signed: false };
  if (type.kind !== 'bitfield') return { bits: type.sizeBytes * 8, signed: type.signed };
  return { bits: type.bits, signed: type.of.kind !== 'bool' && type.of.signed };
}
