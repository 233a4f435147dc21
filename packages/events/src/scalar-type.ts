import type { BtfEnum, BtfInt, BtfType } from '@ebpm/object';
import type { BoolType, EnumType, FloatType, IntType, PointerType } from './value-type.js';

/** The value type of a BTF type that is neither struct, union nor array; undefined when such a value has no text. */
export function scalarType(type: BtfType): IntType | BoolType | PointerType | FloatType | EnumType | undefined {
  switch (type.kind) {
    case 'int':
      return intType(type);
    case 'ptr':
      return { kind: 'pointer', sizeBytes: 8 };
    case 'float':
      return isOneOf(type.sizeBytes, FLOAT_SIZES) ? { kind: 'float', sizeBytes: type.sizeBytes } : undefined;
    case 'enum':
    case 'enum64':
      return enumType(type);
    default:
      return undefined;
  }
}

const INT_SIZES = [1, 2, 4, 8, 16] as const;
const FLOAT_SIZES = [4, 8] as const;
const ENUM_SIZES = [1, 2, 4, 8] as const;

function intType(type: BtfInt): IntType | BoolType | undefined {
  if (type.bool) return type.sizeBytes === 1 ? { kind: 'bool', sizeBytes: 1 } : undefined;
  // Compilers before clang 8 wrote bitfields as integers of odd widths; nothing does so today.
  if (type.offsetBits !== 0 || type.bits !== type.sizeBytes * 8) return undefined;
  return isOneOf(type.sizeBytes, INT_SIZES)
    ? { kind: 'int', sizeBytes: type.sizeBytes, signed: type.signed }
    : undefined;
}

/** Compilers that know no sign of enums (clang before 15) store -1 as 2^32 - 1. Such a value makes the enum signed. */
function enumType(type: BtfEnum): EnumType | undefined {
  const { sizeBytes } = type;
  if (!isOneOf(sizeBytes, ENUM_SIZES)) return undefined;
  const signed = type.signed || (type.kind === 'enum' && type.values.some(({ value }) => value > INT32_MAX));
  const names = new Map<bigint, string>();
  // Compilers without ENUM64 (clang before 15) cut the values of such an enum to 32 bits: better no name than a wrong one.
  if (type.kind === 'enum' && sizeBytes === 8) return { kind: 'enum', sizeBytes, signed, names };
  for (const { name, value } of type.values) {
    const own = signed ? BigInt.asIntN(sizeBytes * 8, value) : BigInt.asUintN(sizeBytes * 8, value);
    if (!names.has(own)) names.set(own, name);
  }
  return { kind: 'enum', sizeBytes, signed, names };
}

const INT32_MAX = 0x7fff_ffffn;

function isOneOf<Size extends number>(size: number, sizes: readonly Size[]): size is Size {
  return (sizes as readonly number[]).includes(size);
}
