import { open } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElfDependencies } from '../src/elf-dependencies.js';
import { elfFile } from './elf-file.js';

const read = (bytes: Uint8Array) =>
  readElfDependencies(async (offset, length) => bytes.subarray(offset, offset + length));

describe('readElfDependencies()', () => {
  it('reads a real program', async () => {
    const file = await open(process.execPath);
    try {
      const dependencies = await readElfDependencies(async (offset, length) => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      });
      expect(dependencies?.interpreter).toBe('/lib64/ld-linux-x86-64.so.2');
      expect(dependencies?.needed).toContain('libc.so.6');
    } finally {
      await file.close();
    }
  });

  it('reads libraries, search path and loader', async () => {
    const file = elfFile({
      needed: ['liba.so.1', 'libb.so'],
      runPath: '$ORIGIN/lib::/opt',
      interpreter: '/lib64/ld.so',
    });
    expect(await read(file)).toEqual({
      interpreter: '/lib64/ld.so',
      needed: ['liba.so.1', 'libb.so'],
      searchPath: ['$ORIGIN/lib', '/opt'],
    });
  });

  it('takes DT_RUNPATH before DT_RPATH', async () => {
    expect((await read(elfFile({ rPath: '/old' })))?.searchPath).toEqual(['/old']);
    expect((await read(elfFile({ rPath: '/old', runPath: '/new' })))?.searchPath).toEqual(['/new']);
  });

  it.each<[string, (file: Buffer) => unknown]>([
    ['a file of another kind', (file) => file.write('text')],
    ['a BPF object', (file) => file.writeUInt16LE(247, 18)],
    ['a relocatable file', (file) => file.writeUInt16LE(1, 16)],
    ['a 32-bit file', (file) => file.writeUInt8(1, 4)],
    ['a big-endian file', (file) => file.writeUInt8(2, 5)],
    ['a file without a dynamic section', (file) => file.writeUInt16LE(1, 56)],
    ['program headers beyond the end', (file) => file.writeBigUInt64LE(2n ** 64n - 1n, 32)],
    ['names at an address that nothing maps', (file) => file.writeBigUInt64LE(2n ** 63n, 64 + 16)],
  ])('takes %s for one without dependencies', async (_, change) => {
    const file = elfFile({ needed: ['liba.so'] });
    change(file);
    expect(await read(file)).toBeUndefined();
  });

  it('survives whatever stands in a file', async () => {
    const good = elfFile({ needed: ['liba.so', 'libb.so'], runPath: '/opt', interpreter: '/lib64/ld.so' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(good.length),
        async (changes, length) => {
          const file = Buffer.from(good);
          for (const [at, value] of changes) file[at] = value;
          const dependencies = await read(file.subarray(0, length));
          expect(dependencies?.needed.every((name) => name.length <= good.length) ?? true).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
