import { describe, expect, test } from 'vitest';
import { type InstructionKind, instructionKind } from '../../src/code/instruction-kind.js';

/** How many opcodes of each kind RFC 9669 and Linux 6.12 define: each operation with its sources, sizes and widths. */
const COUNTS: Readonly<Record<Exclude<InstructionKind, 'unknown'>, number>> = {
  // 12 operations with two sources in two widths, negation in two widths, swaps to both orders and without condition.
  arithmetic: 11 * 2 * 2 + 2 + 3,
  move: 4,
  // 4 sizes, and 3 that extend a sign.
  load: 7,
  load64: 1,
  packet: 6,
  // 4 sizes of numbers and of registers.
  store: 8,
  atomic: 2,
  jump: 2,
  // 11 comparisons with two sources in two widths, and may_goto.
  branch: 11 * 2 * 2 + 1,
  call: 1,
  exit: 1,
};

describe('instructionKind()', () => {
  test.each(Object.entries(COUNTS))('instructionKind() knows every opcode of kind %s', (kind, count) => {
    const opcodes = Array.from({ length: 256 }, (_, opcode) => opcode).filter(
      (opcode) => instructionKind(opcode) === kind,
    );
    expect(opcodes.map((opcode) => opcode.toString(16))).toHaveLength(count);
  });

  test.each([
    [0x07, 'arithmetic'],
    [0x0f, 'arithmetic'],
    [0xd4, 'arithmetic'],
    [0xd7, 'arithmetic'],
    [0xb7, 'move'],
    [0xbf, 'move'],
    [0x18, 'load64'],
    [0x20, 'packet'],
    [0x61, 'load'],
    [0x81, 'load'],
    [0x99, 'unknown'],
    [0x62, 'store'],
    [0x7b, 'store'],
    [0xdb, 'atomic'],
    [0xcb, 'unknown'],
    [0x05, 'jump'],
    [0x06, 'jump'],
    [0xe5, 'branch'],
    [0x16, 'branch'],
    [0x85, 'call'],
    [0x8d, 'unknown'],
    [0x95, 'exit'],
    [0x00, 'unknown'],
    [0xff, 'unknown'],
  ] as const)('instructionKind() of 0x%x is %s', (opcode, kind) => {
    expect(instructionKind(opcode)).toBe(kind);
  });
});
