import { ACCESS_BYTES, CLASS, type Instructions, OPCODE } from '../code/instructions.js';
import type { CoreMissCode } from './core-miss.js';
import type { FieldValue } from './field-value.js';

/** The number in an instruction before and after libbpf has changed it, as an unsigned one of 64 bits. */
export interface Patch {
  readonly original: bigint;
  readonly value: bigint;
  /** Bytes that the instruction reads or writes, where they change. */
  readonly size?: { readonly original: number; readonly value: number };
}

/** What stands against it: libbpf puts an invalid instruction in its place, or gives up the object. */
export interface NoPatch {
  readonly code: Extract<CoreMissCode, 'other_size' | 'instruction' | 'too_far'>;
  readonly isPoison: boolean;
  readonly wanted: string;
  readonly found: string;
}

/** What an instruction is to get. */
export interface PatchValues {
  /** In the object's own types. */
  readonly own: FieldValue;
  /** In the kernel's. */
  readonly value: FieldValue;
  /** Whether an instruction that reads or writes the field may do so in the other size. */
  readonly canResize: boolean;
}

/**
 * What libbpf makes of an instruction: `r = imm`, `r += imm`, a load of 64 bits, or a read or write at an offset.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_patch_insn)
 */
export function patchInstruction(instructions: Instructions, at: number, values: PatchValues): Patch | NoPatch {
  switch (instructions.opcode(at) & 0x07) {
    case CLASS.alu:
    case CLASS.alu64:
      if ((instructions.opcode(at) & BY_REGISTER) !== 0) return unexpected('a number', 'a register');
      return replaced(BigInt(instructions.immediate(at)), values);
    case CLASS.ldx:
    case CLASS.st:
    case CLASS.stx:
      return access(instructions, at, values);
    case CLASS.ld:
      return isLoad64(instructions, at)
        ? replaced(instructions.immediate64(at), values)
        : unexpected('a load', 'another');
    default:
      return unexpected('an instruction with a number', `0x${instructions.opcode(at).toString(16)}`);
  }
}

function access(instructions: Instructions, at: number, values: PatchValues): Patch | NoPatch {
  const patch = replaced(BigInt(instructions.offset(at)), values);
  if (!('original' in patch)) return patch;
  const { own, value, canResize } = values;
  if (patch.value > MAX_OFFSET) return refused('too_far', `${MAX_OFFSET}`, `${patch.value}`);
  if (own.sizeBytes === value.sizeBytes) return patch;
  if (!canResize) {
    return { code: 'other_size', isPoison: true, wanted: `${own.sizeBytes}`, found: `${value.sizeBytes}` };
  }
  const size = instructions.accessBytes(at);
  if (size !== own.sizeBytes) return unexpected(`${own.sizeBytes} bytes`, `${size}`);
  if (!ACCESS_BYTES.includes(value.sizeBytes)) return refused('other_size', `${own.sizeBytes}`, `${value.sizeBytes}`);
  return { ...patch, size: { original: own.sizeBytes, value: value.sizeBytes } };
}

function replaced(held: bigint, { own, value }: PatchValues): Patch | NoPatch {
  const original = BigInt.asUintN(64, held);
  if (own.isExpected && original !== own.value) return unexpected(`${own.value}`, `${held}`);
  return { original, value: value.value };
}

function isLoad64(instructions: Instructions, at: number): boolean {
  if (instructions.opcode(at) !== OPCODE.load64 || at + 1 >= instructions.count) return false;
  const isPlain = instructions.source(at) === 0 && instructions.offset(at) === 0;
  const second = at + 1;
  const isEmpty = instructions.opcode(second) === 0 && instructions.destination(second) === 0;
  return isPlain && isEmpty && instructions.source(second) === 0 && instructions.offset(second) === 0;
}

function unexpected(wanted: string, found: string): NoPatch {
  return refused('instruction', wanted, found);
}

function refused(code: NoPatch['code'], wanted: string, found: string): NoPatch {
  return { code, isPoison: false, wanted, found };
}

/** The bit of an arithmetic opcode that says that its operand is a register. */
const BY_REGISTER = 0x08;

const MAX_OFFSET = 0x7fffn;
