import type { CoreRelocationKind } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { BtfMember, BtfType } from '../btf-type.js';
import { typeRefusal } from '../refusal.js';
import type { AccessPath } from './access-path.js';
import type { CoreMissCode } from './core-miss.js';

/** What a relocation of a field comes to in some types. */
export interface FieldValue {
  readonly value: bigint;
  /** Whether the compiler must have come to the same in the object's own types. */
  readonly isExpected: boolean;
  /** Of the field, where an instruction that reads or writes it may have to do so in another size; 0 for none. */
  readonly sizeBytes: number;
  readonly typeId: number;
}

/** What stands against it. */
export type NoFieldValue = Extract<CoreMissCode, 'unmeasurable' | 'array_element'>;

/**
 * What a relocation of a field comes to at the end of a way. libbpf 1.6 and later take the size of an array for that of its elements
 * where an instruction reads it directly, which no compiler writes.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_calc_field_relo)
 */
export function fieldValue(kind: CoreRelocationKind, path: AccessPath): FieldValue | NoFieldValue {
  if (kind === 'field_exists') return plain(1n);
  const last = path.steps.at(-1);
  if (last === undefined) throw new TypeError('a way has a step at least');
  if (last.name === undefined) return elementValue(kind, path, last.typeId);
  const type = path.btf.type(last.typeId);
  const member = type.kind === 'struct' || type.kind === 'union' ? type.members[last.index] : undefined;
  if (member === undefined) throw new TypeError('a way leads to a member');
  return memberValue(kind, path, member);
}

function elementValue(kind: CoreRelocationKind, { btf, offsetBits }: AccessPath, typeId: number) {
  if (kind !== 'field_byte_offset' && kind !== 'field_byte_size') return 'array_element';
  if (!btf.hasSize(typeId)) return 'unmeasurable';
  const sizeBytes = btf.sizeOf(typeId);
  if (kind === 'field_byte_size') return plain(BigInt(sizeBytes));
  return { value: BigInt(offsetBits >>> 3), isExpected: true, sizeBytes, typeId };
}

function memberValue(kind: CoreRelocationKind, path: AccessPath, member: BtfMember): FieldValue | NoFieldValue {
  const type = path.btf.resolve(member.typeId);
  const place = placeOf(path, member, type);
  if (place === undefined) return 'unmeasurable';
  const { byteOffset, sizeBytes, bits } = place;
  const isBitfield = member.bitfieldBits > 0;
  switch (kind) {
    case 'field_byte_offset':
      return {
        value: BigInt(byteOffset),
        isExpected: !isBitfield,
        sizeBytes: isBitfield ? 0 : sizeBytes,
        typeId: isBitfield ? 0 : type.id,
      };
    case 'field_byte_size':
      return plain(BigInt(sizeBytes), !isBitfield);
    case 'field_signed':
      return plain(isSigned(type) ? 1n : 0n);
    case 'field_lshift_u64':
      return plain(BigInt((64 - (path.offsetBits + bits - byteOffset * 8)) >>> 0), !isBitfield);
    case 'field_rshift_u64':
      return plain(BigInt((64 - bits) >>> 0));
    default:
      throw new TypeError(`"${kind}" is not about a field`);
  }
}

interface FieldPlace {
  readonly byteOffset: number;
  readonly sizeBytes: number;
  readonly bits: number;
}

function placeOf({ btf, offsetBits }: AccessPath, member: BtfMember, type: BtfType): FieldPlace | undefined {
  if (member.bitfieldBits > 0) return bitfieldPlace(offsetBits, member.bitfieldBits, sizeOfBitfield(btf, type));
  if (!btf.hasSize(type.id)) return undefined;
  const sizeBytes = btf.sizeOf(type.id);
  return { byteOffset: offsetBits >>> 3, sizeBytes, bits: (sizeBytes * 8) >>> 0 };
}

/** The smallest aligned integer that holds the bits, none smaller than the type that they are declared with. */
function bitfieldPlace(offsetBits: number, bits: number, typeBytes: number): FieldPlace | undefined {
  for (let sizeBytes = typeBytes; ; sizeBytes *= 2) {
    const byteOffset = Math.floor(offsetBits / 8 / sizeBytes) * sizeBytes;
    if (offsetBits + bits - byteOffset * 8 <= sizeBytes * 8) return { byteOffset, sizeBytes, bits };
    if (sizeBytes >= 8) return undefined;
  }
}

function sizeOfBitfield(btf: Btf, type: BtfType): number {
  const size = type.kind === 'int' || type.kind === 'enum' || type.kind === 'enum64' ? btf.sizeOf(type.id) : 0;
  if (size === 0) throw typeRefusal(type.id, 'a bitfield has it as its type');
  return size;
}

function isSigned(type: BtfType): boolean {
  return (type.kind === 'int' || type.kind === 'enum' || type.kind === 'enum64') && type.signed;
}

function plain(value: bigint, isExpected = true): FieldValue {
  return { value, isExpected, sizeBytes: 0, typeId: 0 };
}
