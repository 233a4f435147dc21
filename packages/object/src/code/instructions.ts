import { viewOf } from '../data-view.js';

/**
 * eBPF's instructions, each 8 bytes:
 *
 *     u8 opcode | u4 source u4 destination | s16 offset | s32 immediate
 *
 * The opcode's low 3 bits are its class; the instruction that loads 64 bits takes two places.
 * @see https://www.rfc-editor.org/rfc/rfc9669#section-3
 */
export const INSTRUCTION_BYTES = 8;

/** The classes of opcodes. @see https://www.rfc-editor.org/rfc/rfc9669#section-3.3 */
export const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, jmp32: 6, alu64: 7 } as const;

/**
 * Opcodes that stand for themselves; `mayGoto` is of Linux 6.9 and compares nothing.
 * @see https://www.rfc-editor.org/rfc/rfc9669#section-4.3
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (BPF_JCOND)
 */
export const OPCODE = { call: 0x85, exit: 0x95, always: 0x05, alwaysFar: 0x06, load64: 0x18, mayGoto: 0xe5 } as const;

/** What is called, as the source of a call says. @see https://www.rfc-editor.org/rfc/rfc9669#section-4.3.1 */
export const CALLED = { helper: 0, subprogram: 1, kernelFunction: 2 } as const;

/**
 * What a 64-bit load without relocation stands for, as its source says.
 * @see https://www.rfc-editor.org/rfc/rfc9669#section-5.4
 */
export const LOADED = {
  number: 0,
  mapByFd: 1,
  mapValue: 2,
  variable: 3,
  code: 4,
  mapByIndex: 5,
  mapValueByIndex: 6,
} as const;

/** By the size bits of a load's or a store's opcode: word, half, byte, double. @see https://www.rfc-editor.org/rfc/rfc9669#section-5 */
export const ACCESS_BYTES: readonly number[] = [4, 2, 1, 8];

/** The instructions of a section. An index counts places of 8 bytes and must be below `count`. */
export class Instructions {
  readonly count: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = viewOf(bytes);
    this.count = Math.floor(bytes.length / INSTRUCTION_BYTES);
  }

  opcode(index: number): number {
    return this.#view.getUint8(index * INSTRUCTION_BYTES);
  }

  destination(index: number): number {
    return this.#view.getUint8(index * INSTRUCTION_BYTES + 1) & 0xf;
  }

  source(index: number): number {
    return this.#view.getUint8(index * INSTRUCTION_BYTES + 1) >>> 4;
  }

  offset(index: number): number {
    return this.#view.getInt16(index * INSTRUCTION_BYTES + 2, true);
  }

  immediate(index: number): number {
    return this.#view.getInt32(index * INSTRUCTION_BYTES + 4, true);
  }

  /** Of the load of 64 bits, which takes two places; unsigned. */
  immediate64(index: number): bigint {
    return (BigInt(this.immediate(index + 1) >>> 0) << 32n) | BigInt(this.immediate(index) >>> 0);
  }

  /** Where a jump or a branch leads. */
  jumpTarget(index: number): number {
    const isFar = this.opcode(index) === OPCODE.alwaysFar;
    return index + 1 + (isFar ? this.immediate(index) : this.offset(index));
  }

  /** Bytes that a load from memory or a store moves. */
  accessBytes(index: number): number {
    return ACCESS_BYTES[(this.opcode(index) & 0x18) >> 3] ?? 0;
  }
}
