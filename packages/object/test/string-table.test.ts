import { describe, expect, it } from 'vitest';
import { cString } from '../src/c-string.js';
import { StringTable } from '../src/string-table.js';

const ASCII = new TextEncoder().encode('\0task_struct\0pid\0\0x\0');
const UTF_8 = new TextEncoder().encode('\0// größer als \u{1f41d}\0pid\0');
const BROKEN = Uint8Array.of(0, 0x70, 0x69, 0x64, 0, 0xff, 0xfe, 0, 0x78, 0);
const LARGE = new Uint8Array(300 * 1024).fill(0x61);
LARGE[0] = 0;
LARGE[4] = 0;
LARGE[LARGE.length - 1] = 0;
const WITHOUT_END = new Uint8Array(ASCII.subarray(0, 8));

describe('StringTable', () => {
  it.each([
    ['ASCII', ASCII],
    ['UTF-8', UTF_8],
    ['bytes that are no UTF-8', BROKEN],
    ['more than is decoded at once', LARGE],
    ['a text without an end', WITHOUT_END],
  ])('at() gives of %s what cString() gives, wherever it starts and however long it may be', (_, bytes) => {
    const table = new StringTable(bytes);
    const offsets = Array.from({ length: Math.min(bytes.length, 64) + 2 }, (_, offset) => offset);
    for (const offset of [...offsets, bytes.length - 1, bytes.length, bytes.length + 1, 2 ** 32]) {
      for (const max of [0, 3, 11, 1024]) {
        expect([offset, max, table.at(offset, max)]).toEqual([offset, max, cString(bytes, offset, max)]);
      }
    }
  });

  it('at() gives a text of just as many bytes as it may have, and none of one more', () => {
    const table = new StringTable(ASCII);
    expect(table.at(1, 11)).toBe('task_struct');
    expect(table.at(1, 10)).toBeUndefined();
  });
});
