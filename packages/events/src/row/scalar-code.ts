import type { BitfieldType, BoolType, EnumType, FloatType, IntType, PointerType } from '../value-type.js';
import { type EnumText, enumNames } from '../write/enum-names.js';
import { utf8Bytes } from '../write/write-text.js';
import { integerCode, integerOf, writeIntegerCode } from './integer-code.js';
import type { RowBuilder } from './row-builder.js';

/** A value that is neither text nor made of other values. */
export type ScalarType = IntType | BoolType | PointerType | FloatType | EnumType | BitfieldType;

/** In what formats differ about scalars. */
export interface ScalarStyle {
  /** The text of an enum's value; undefined writes its number. */
  readonly enumText: EnumText | undefined;
  /** Writes integers that have more than 64 bits by their type. */
  readonly writeWide: 'writeQuotedBigInt' | 'writeBigInt';
  readonly writeFloat: 'writeJsonDouble' | 'writeDouble';
}

/** Code that writes one scalar and gives the new position. `at` is the code of its offset in `b`. */
export function scalarCode(row: RowBuilder, type: ScalarType, at: string, style: ScalarStyle): string {
  if (type.kind === 'float') return `${style.writeFloat}(t,p,v.getFloat${type.sizeBytes * 8}(${at},true))`;
  if (type.kind === 'bool') return boolCode(row, `b[${at}]`);
  const meaning = type.kind === 'bitfield' ? type.of : type;
  const value = integerCode(type, at);
  if (meaning.kind === 'bool') return boolCode(row, value);
  if (meaning.kind === 'enum' && style.enumText !== undefined) {
    return `writeEnum(t,p,${value},${row.constant(enumNames(meaning, integerOf(type).bits, style.enumText))})`;
  }
  return meaning.sizeBytes > 8 ? `${style.writeWide}(t,p,BigInt(${value}))` : writeIntegerCode(type, at);
}

function boolCode(row: RowBuilder, value: string): string {
  return `writeBytes(t,p,${value}!==0?${row.constant(TRUE)}:${row.constant(FALSE)})`;
}

const TRUE = utf8Bytes('true');
const FALSE = utf8Bytes('false');
