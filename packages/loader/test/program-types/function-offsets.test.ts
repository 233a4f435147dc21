import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionOffsets } from '../../src/program-types/function-offsets.js';
import { compileProgram } from '../compile-fixture.js';

let program: { path: string; remove(): void };
const folder = mkdtempSync(join(tmpdir(), 'ebpm-loader-'));
beforeAll(() => {
  program = compileProgram('sender');
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

describe('functionOffsets()', () => {
  it('functionOffsets() finds a function by its name, and more by a pattern', () => {
    const [main, ...more] = functionOffsets(program.path, 'main');
    expect(more).toEqual([]);
    expect(main).toBeGreaterThan(0n);
    expect([...functionOffsets(program.path, 'm*n')]).toContain(main);
    expect([...functionOffsets(program.path, 'mai?')]).toEqual([main]);
    expect(functionOffsets(program.path, 'no_such_function')).toHaveLength(0);
  });

  it('functionOffsets() takes dots and brackets of a pattern as they are', () => {
    expect(functionOffsets(program.path, 'm..n')).toHaveLength(0);
    expect(functionOffsets(program.path, '[m]ain')).toHaveLength(0);
  });

  it.each([
    ['text', Buffer.from('#!/bin/sh\necho this is a script and no program at all, however long it gets\n')],
    ['nothing', Buffer.alloc(0)],
    ['an ELF header alone', elfHeader(0)],
    ['an ELF header that points beyond the file', elfHeader(1 << 20)],
  ])('functionOffsets() refuses a file of %s', (_, bytes) => {
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    const find = () => functionOffsets(path, '*');
    if (bytes.length > 0 && bytes[0] === 0x7f && bytes.readBigUInt64LE(40) === 0n) expect(find()).toHaveLength(0);
    else expect(find).toThrow(expect.objectContaining({ code: 'EBPM_ATTACH_TARGET_MISSING' }));
  });
});

/** A 64-bit little-endian header, with one section header at an offset, or none. */
function elfHeader(sectionsAt: number): Buffer {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeBigUInt64LE(BigInt(sectionsAt), 40);
  header.writeUInt16LE(sectionsAt === 0 ? 0 : 1, 60);
  return header;
}
