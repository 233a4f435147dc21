import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExecutableSymbols } from '../../src/symbols/executable-symbols.js';

const SOURCE = `
int shared(int x) { return x * 3; }
static __attribute__((noinline)) int hidden(int x) { return shared(x) + 1; }
__attribute__((weak)) int weak(int x) { return hidden(x) * 2; }
int main(int argc, char **argv) { (void)argv; return weak(argc); }
`;

const folder = mkdtempSync(join(tmpdir(), 'ebpm-symbols-'));
const FILES = {
  pie: ['-pie'],
  fixed: ['-no-pie'],
  library: ['-shared', '-fPIC'],
  stripped: ['-shared', '-fPIC', '-s'],
};
type FileName = keyof typeof FILES;

beforeAll(() => {
  writeFileSync(join(folder, 'source.c'), SOURCE);
  for (const [name, flags] of Object.entries(FILES)) {
    execFileSync('cc', ['-O1', ...flags, '-o', join(folder, name), join(folder, 'source.c')]);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function symbolsOf(bytes: Uint8Array) {
  return readExecutableSymbols((offset, size) => bytes.subarray(offset, offset + size));
}

/** Functions as `nm` lists them: address, size, name. */
function nm(path: string, ...flags: readonly string[]) {
  const text = execFileSync('nm', ['--print-size', '--defined-only', ...flags, path], { encoding: 'utf8' });
  return [...text.matchAll(/^([0-9a-f]+) ([0-9a-f]+) [tTwW] (.+)$/gm)].map(([, address, size, name]) => ({
    address: Number.parseInt(address ?? '', 16),
    size: Number.parseInt(size ?? '', 16),
    name: name ?? '',
  }));
}

/** Where code lies in the file, by the program headers as readelf shows them. */
function fileOffset(path: string, address: number): number {
  const text = execFileSync('readelf', ['--program-headers', '--wide', path], { encoding: 'utf8' });
  for (const [, offset, start, size] of text.matchAll(/LOAD +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+)/g)) {
    const from = Number.parseInt(start ?? '', 16);
    if (address >= from && address < from + Number.parseInt(size ?? '', 16)) {
      return address - from + Number.parseInt(offset ?? '', 16);
    }
  }
  throw new Error(`no segment has address ${address}`);
}

describe('readExecutableSymbols()', () => {
  it.each<[FileName, readonly string[], readonly string[]]>([
    ['pie', [], ['hidden', 'main', 'shared', 'weak']],
    ['fixed', [], ['hidden', 'main', 'shared', 'weak']],
    ['library', [], ['hidden', 'main', 'shared', 'weak']],
    ['stripped', ['--dynamic'], ['main', 'shared', 'weak']],
  ])('readExecutableSymbols() finds every function of a %s file that nm lists', (name, flags, least) => {
    const path = join(folder, name);
    const symbols = symbolsOf(readFileSync(path));
    const listed = nm(path, ...flags);
    expect(listed.map((symbol) => symbol.name)).toEqual(expect.arrayContaining([...least]));
    for (const { address, size, name: expected } of listed) {
      for (const offsetBytes of [0, size - 1]) {
        const found = symbols?.find(fileOffset(path, address) + offsetBytes);
        const aliases = listed.filter((other) => other.address === address).map((other) => other.name);
        expect({ ...found, offsetBytes: found?.offsetBytes }, expected).toEqual({ name: found?.name, offsetBytes });
        expect(aliases).toContain(found?.name);
      }
    }
    expect(symbols?.find(0)).toBeUndefined();
    expect(symbols?.find(2 ** 40)).toBeUndefined();
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('#!/bin/sh\n'.repeat(20))],
    [
      'an eBPF object',
      Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...new Uint8Array(9), 1, 0, 247, 0, ...new Uint8Array(60)),
    ],
  ])('readExecutableSymbols() finds nothing in %s', (_, bytes) => {
    expect(symbolsOf(bytes)).toBeUndefined();
  });

  it('readExecutableSymbols() survives a file of which any bytes are wrong, or that is cut off', () => {
    const sound = readFileSync(join(folder, 'library'));
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.nat(sound.length), (changes, length) => {
        const bytes = Uint8Array.from(sound);
        // The header, where most is decided, is hit as often as all the rest.
        for (const [at, value] of changes) bytes[value % 2 === 0 ? at % 64 : at] = value;
        symbolsOf(bytes.subarray(0, Math.max(length, 100)))?.find(4096);
      }),
      { numRuns: 300 },
    );
  });
});
