import fc from 'fast-check';
import { Parser, type ReadEntry } from 'tar';
import { describe, expect, test } from 'vitest';
import { digestOf, MAX_PACKAGE_BYTES, MAX_PACKAGE_FILES, packTar, type TarFile, unpackTar } from '../src/index.js';

const text = (content: string) => new TextEncoder().encode(content);

const TREE: readonly TarFile[] = [
  { path: 'package.json', bytes: text('{"bpf_object":""}\n') },
  { path: 'ebpm.json', bytes: text('{"manifest":1,"name":"x","version":"1.0.0"}\n') },
  { path: 'include/x.h', bytes: text('#pragma once\n'.repeat(100)) },
  { path: 'include/leer', bytes: text('') },
  { path: `docs/${'long-'.repeat(19)}.md`, bytes: text('a name that is in the header only with its prefix\n') },
  { path: 'grüße/日本.txt', bytes: text('a name that is not ASCII\n') },
];

describe('packTar()', () => {
  test('packTar() gives the digest that this tree has had for ever', () => {
    expect(digestOf(packTar(TREE))).toBe('sha256:cd05e83d5644c5b4c3f276bd9ac9b75d4266a4487466f65a8940aec5f65f4c5f');
  });

  test('packTar() gives the same bytes whatever the order of the files', () => {
    expect(packTar([...TREE].reverse())).toEqual(packTar(TREE));
  });

  test('packTar() orders by the bytes of the paths, not by UTF-16', () => {
    const paths = ['\u{1F41D}', '\uFF5E', 'b', 'C', 'a/z', 'a-z'].map((path) => ({ path, bytes: text('') }));
    expect(unpackTar(packTar(paths)).map(({ path }) => path)).toEqual(['C', 'a-z', 'a/z', 'b', '\uFF5E', '\u{1F41D}']);
  });

  test('packTar() writes what the parser of tar reads as the same files, without a warning', () => {
    const seen: { path: string; mode: number | undefined; mtime: Date | undefined; bytes: Buffer }[] = [];
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry: ReadEntry) => {
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
        entry.on('end', () =>
          seen.push({ path: entry.path, mode: entry.mode, mtime: entry.mtime, bytes: Buffer.concat(chunks) }),
        );
      },
    });
    parser.end(Buffer.from(packTar(TREE)));
    expect(seen.map(({ path, bytes }) => ({ path, bytes: new Uint8Array(bytes) }))).toEqual(unpackTar(packTar(TREE)));
    expect(seen.every(({ mode, mtime }) => mode === 0o644 && mtime?.getTime() === 0)).toBe(true);
  });

  test('packTar() and unpackTar() are inverse', () => {
    const part = fc.string({ unit: fc.constantFrom(...'aZ0._- é日\u{1F41D}'), minLength: 1, maxLength: 20 });
    const path = fc.array(
      part.filter((name) => !/^\.{1,2}$/.test(name)),
      { minLength: 1, maxLength: 3 },
    );
    const file = fc.record({ path: path.map((parts) => parts.join('/')), bytes: fc.uint8Array({ maxLength: 1500 }) });
    const files = fc.uniqueArray(file, {
      maxLength: 8,
      selector: ({ path }) => path.split('/')[0]?.toUpperCase().toLowerCase(),
    });
    fc.assert(
      fc.property(files, (some) => {
        const archive = packTar(some);
        const unpacked = new Map(unpackTar(archive).map(({ path, bytes }) => [path, digestOf(bytes)]));
        expect(unpacked).toEqual(new Map(some.map(({ path, bytes }) => [path, digestOf(bytes)])));
        expect(digestOf(packTar(unpackTar(archive)))).toBe(digestOf(archive));
      }),
      { numRuns: 50 },
    );
  });

  test('packTar() fits every path of allowed length', () => {
    const paths = [
      'n'.repeat(99),
      `${'a/'.repeat(28)}${'n'.repeat(99)}`,
      `${'p'.repeat(99)}/${'q'.repeat(55)}`,
      `${'p'.repeat(55)}/${'q'.repeat(99)}`,
      `${'é'.repeat(49)}/${'日'.repeat(18)}x`,
      `${'0/'.repeat(77)}x`,
    ];
    expect(paths.map((path) => Buffer.byteLength(path))).toEqual([99, 155, 155, 155, 154, 155]);
    for (const path of paths) expect(unpackTar(packTar([{ path, bytes: text('x') }]))[0]?.path).toBe(path);
  });

  test('packTar() refuses more files than allowed', () => {
    const files = Array.from({ length: MAX_PACKAGE_FILES + 1 }, (_, index) => ({ path: `${index}`, bytes: text('') }));
    expect(() => packTar(files)).toThrow(expect.objectContaining({ code: 'EBPM_ARCHIVE_TOO_LARGE' }));
  });

  test('packTar() refuses more bytes than allowed, before it allocates them', () => {
    const files = [{ path: 'large', bytes: new Uint8Array(MAX_PACKAGE_BYTES) }];
    expect(() => packTar(files)).toThrow(expect.objectContaining({ code: 'EBPM_ARCHIVE_TOO_LARGE' }));
  });
});
