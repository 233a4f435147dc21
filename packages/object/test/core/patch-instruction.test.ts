import { describe, expect, test } from 'vitest';
import { Instructions } from '../../src/code/instructions.js';
import { type PatchValues, patchInstruction } from '../../src/core/patch-instruction.js';

/** Instructions as `opcode, registers, offset, immediate`. */
function instructions(...list: readonly (readonly [number, number, number, number])[]): Instructions {
  const view = new DataView(new ArrayBuffer(list.length * 8));
  for (const [index, [opcode, registers, offset, immediate]] of list.entries()) {
    view.setUint8(index * 8, opcode);
    view.setUint8(index * 8 + 1, registers);
    view.setInt16(index * 8 + 2, offset, true);
    view.setInt32(index * 8 + 4, immediate, true);
  }
  return new Instructions(new Uint8Array(view.buffer));
}

function values(own: bigint, value: bigint, more: Partial<PatchValues> = {}): PatchValues {
  const field = { isExpected: true, sizeBytes: 4, typeId: 1 };
  return { own: { ...field, value: own }, value: { ...field, value }, canResize: true, ...more };
}

const MOVE = 0xb7;
const LOAD_WORD = 0x61;
const WIDE = 0x18;

describe('patchInstruction()', () => {
  test.each([
    ['a move', [[MOVE, 1, 0, 8]], { original: 8n, value: 16n }],
    ['an addition', [[0x07, 1, 0, 8]], { original: 8n, value: 16n }],
    ['a read', [[LOAD_WORD, 0x21, 8, 0]], { original: 8n, value: 16n }],
    ['a write of a register', [[0x63, 0x21, 8, 0]], { original: 8n, value: 16n }],
    ['a write of a number', [[0x62, 1, 8, 99]], { original: 8n, value: 16n }],
    [
      'a load of 64 bits',
      [
        [WIDE, 1, 0, 8],
        [0, 0, 0, 0],
      ],
      { original: 8n, value: 16n },
    ],
  ] as const)('patchInstruction() changes %s', (_what, code, patch) => {
    expect(patchInstruction(instructions(...code), 0, values(8n, 16n))).toEqual(patch);
  });

  test.each([
    ['a move of a register', [[0xbf, 0x21, 0, 8]]],
    ['a call', [[0x85, 0, 0, 8]]],
    [
      'a load of a map',
      [
        [WIDE, 0x11, 0, 8],
        [0, 0, 0, 0],
      ],
    ],
    ['a load of which the second half is missing', [[WIDE, 1, 0, 8]]],
    [
      'a load of which the second half is something else',
      [
        [WIDE, 1, 0, 8],
        [MOVE, 0, 0, 0],
      ],
    ],
    ["a move of another number than the object's types say", [[MOVE, 1, 0, 9]]],
    ['a read elsewhere', [[LOAD_WORD, 0x21, 9, 0]]],
  ] as const)('patchInstruction() refuses %s', (_what, code) => {
    const patch = patchInstruction(instructions(...code), 0, values(8n, 16n));
    expect(patch).toMatchObject({ code: 'instruction', isPoison: false });
  });

  test('patchInstruction() takes any number where the compiler may have come to another', () => {
    const own = { value: 8n, isExpected: false, sizeBytes: 4, typeId: 1 };
    expect(patchInstruction(instructions([MOVE, 1, 0, 9]), 0, values(8n, 16n, { own }))).toEqual({
      original: 9n,
      value: 16n,
    });
  });

  test('patchInstruction() takes numbers as signed ones, as the kernel does', () => {
    const minusOne = 0xffff_ffff_ffff_ffffn;
    expect(patchInstruction(instructions([MOVE, 1, 0, -1]), 0, values(minusOne, 1n))).toMatchObject({ value: 1n });
    const wide = instructions([WIDE, 1, 0, -1], [0, 0, 0, 0]);
    expect(patchInstruction(wide, 0, values(0xffff_ffffn, 1n))).toMatchObject({ original: 0xffff_ffffn });
    expect(patchInstruction(wide, 0, values(minusOne, 1n))).toMatchObject({ code: 'instruction' });
  });

  describe('of a field of another size', () => {
    const grown = (sizeBytes: number, canResize = true) =>
      values(8n, 16n, { value: { value: 16n, isExpected: true, sizeBytes, typeId: 1 }, canResize });

    test('patchInstruction() reads it in that size where its value stays what it is', () => {
      expect(patchInstruction(instructions([LOAD_WORD, 0x21, 8, 0]), 0, grown(8))).toEqual({
        original: 8n,
        value: 16n,
        size: { original: 4, value: 8 },
      });
    });

    test.each([
      ['poisons a read whose value would be another', LOAD_WORD, grown(8, false), 'other_size', true],
      ['refuses a read of other bytes than the field has', 0x79, grown(8), 'instruction', false],
      ['refuses a size that no instruction reads', LOAD_WORD, grown(3), 'other_size', false],
    ])('patchInstruction() %s', (_what, opcode, sizes, code, isPoison) => {
      expect(patchInstruction(instructions([opcode, 0x21, 8, 0]), 0, sizes)).toMatchObject({ code, isPoison });
    });

    test('patchInstruction() leaves the size of what is no read as it is', () => {
      expect(patchInstruction(instructions([MOVE, 1, 0, 8]), 0, grown(8, false))).toEqual({ original: 8n, value: 16n });
    });
  });

  test('patchInstruction() refuses an offset beyond 15 bits', () => {
    const read = instructions([LOAD_WORD, 0x21, 8, 0]);
    expect(patchInstruction(read, 0, values(8n, 0x8000n))).toMatchObject({ code: 'too_far', isPoison: false });
    expect(patchInstruction(read, 0, values(8n, 0x7fffn))).toMatchObject({ value: 0x7fffn });
  });
});
