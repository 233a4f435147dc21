import { type RecordType, recordType } from '../src/record-type.js';
import { BtfModel } from './btf-model.js';

/** The BTF ids that the members of a test's struct are made of. */
export interface Members {
  readonly [name: string]: (btf: BtfModel) => number;
}

/** A struct of these members as a record type. */
export function eventType(members: Members): RecordType {
  const btf = new BtfModel();
  const ids = Object.fromEntries(Object.entries(members).map(([name, add]) => [name, add(btf)]));
  return recordType(btf, btf.struct('event', ids));
}

export const u8 = (btf: BtfModel): number => btf.int('u8', 1);
export const s8 = (btf: BtfModel): number => btf.int('s8', 1, true);
export const u16 = (btf: BtfModel): number => btf.int('u16', 2);
export const u32 = (btf: BtfModel): number => btf.int('u32', 4);
export const s32 = (btf: BtfModel): number => btf.int('int', 4, true);
export const u64 = (btf: BtfModel): number => btf.int('u64', 8);
export const s64 = (btf: BtfModel): number => btf.int('s64', 8, true);
export const u128 = (btf: BtfModel): number => btf.int('unsigned __int128', 16);
export const bool = (btf: BtfModel): number => btf.int('_Bool', 1);

export function text(sizeBytes: number): (btf: BtfModel) => number {
  return (btf) => btf.array(btf.int('char', 1, true), sizeBytes);
}

export function bytesOf(length: number): (btf: BtfModel) => number {
  return (btf) => btf.array(btf.int('u8', 1), length);
}

/** A typedef of a type. */
export function named(name: string, of: (btf: BtfModel) => number): (btf: BtfModel) => number {
  return (btf) => btf.reference('typedef', of(btf), name);
}
