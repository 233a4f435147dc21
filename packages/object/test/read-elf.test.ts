import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readElf } from '../src/read-elf.js';
import { compileFixture } from './compile-fixture.js';
import { ElfPatch } from './elf-patch.js';
import { expectRefused } from './refused.js';

const { path, bytes } = compileFixture('tracer');
const elf = readElf(bytes);

test('readElf() refuses a big-endian eBPF object for that reason', () => {
  const flags = ['--target=bpfeb', '-x', 'c', '-c', '-', '-o', '-'];
  const object = execFileSync('clang', flags, { input: 'int f(void) { return 0; }' });
  expectRefused(() => readElf(new Uint8Array(object)), 'EBPM_ELF_BIG_ENDIAN', 'such as s390x');
});

describe('readElf() against readelf', () => {
  test('readElf() reads the section headers as readelf does', () => {
    const lines = readelf('--section-headers').matchAll(
      /^ {2}\[ *(\d+)\] (.*?) +([^ ]+) +[0-9a-f]{16} ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) +[A-Z]* +(\d+) +(\d+)/gm,
    );
    const sections = elf.sections.map(({ index, name, offsetBytes, sizeBytes, entrySizeBytes, link, info }) =>
      [index, name, offsetBytes, sizeBytes, entrySizeBytes, link, info].join(' '),
    );
    expect(
      Array.from(lines, ([, index, name, , offset, size, entrySize, link, info]) =>
        [index, name, hex(offset), hex(size), hex(entrySize), link, info].join(' '),
      ),
    ).toEqual(sections);
  });

  test('readElf() reads the symbols as readelf does', () => {
    const lines = readelf('--symbols').matchAll(
      /^ +\d+: ([0-9a-f]{16}) +(\d+) ([A-Z]+) +([A-Z]+) +[A-Z]+ +(\w+) ?(.*)$/gm,
    );
    const symbols = elf.symbols.map(({ name, type, binding, sectionIndex, valueBytes, sizeBytes }) => {
      const section = sectionIndex === 0 ? 'UND' : sectionIndex === 0xfff1 ? 'ABS' : sectionIndex;
      // readelf shows the name of the section for a section's symbol, which has none.
      const shown = type === 'section' ? elf.sections[sectionIndex]?.name : name;
      return [valueBytes, sizeBytes, type, binding, section, shown].join(' ');
    });
    expect(
      Array.from(lines, ([, value, size, type, binding, section, name]) =>
        [hex(value), size, type?.toLowerCase(), binding?.toLowerCase(), section, name].join(' '),
      ),
    ).toEqual(symbols);
  });

  test('relocationsOf() gives the relocations of a section as readelf does', () => {
    const lines = readelf('--relocs').split("'.reltracepoint/sched/sched_process_exec'")[1]?.split('\n\n')[0] ?? '';
    const section = elf.sections.find(({ name }) => name === 'tracepoint/sched/sched_process_exec');
    if (section === undefined) throw new Error('the fixture has no such section');
    const relocations = elf.relocationsOf(section);
    expect(relocations.length).toBeGreaterThan(5);
    expect(
      Array.from(lines.matchAll(/^([0-9a-f]{16}) +([0-9a-f]{16}) /gm), ([, offset, info]) => [
        hex(offset),
        BigInt(`0x${info}`),
      ]),
    ).toEqual(
      relocations.map(({ offsetBytes, symbol, type }) => [offsetBytes, (BigInt(symbol.index) << 32n) | BigInt(type)]),
    );
    expect(elf.relocationsOf({ ...section, index: 1 })).toEqual([]);
  });
});

const INVALID = 'EBPM_ELF_INVALID';
const UNSUPPORTED = 'EBPM_ELF_UNSUPPORTED';

describe('readElf() refuses', () => {
  test.each<[what: string, bytes: Uint8Array, code: string, text: string]>([
    ['no bytes', new Uint8Array(), INVALID, 'does not start with'],
    ['another file', new Uint8Array([0x7b, 0x7d, 0x0a, 0x0a]), INVALID, 'does not start with'],
    ['the first bytes alone', bytes.subarray(0, 4), INVALID, 'ends inside the file header'],
    ['half of the header', bytes.subarray(0, 63), INVALID, 'ends inside the file header'],
    ['half of the file', bytes.subarray(0, bytes.length / 2), INVALID, 'section headers'],
    ['all but the last byte', bytes.subarray(0, -1), INVALID, 'section headers'],
  ])('readElf() refuses %s', (_what, input, code, text) => {
    expectRefused(() => readElf(input), code, text);
  });

  test.each<[what: string, patch: (patch: ElfPatch) => void, code: string, text: string]>([
    ['a 32-bit file', (p) => p.header(4, 1, 1), UNSUPPORTED, 'not a 64-bit file'],
    ['a big-endian file of another machine', (p) => p.header(5, 1, 2), UNSUPPORTED, 'for machine 63232'],
    ['an unknown byte order', (p) => p.header(5, 1, 3), INVALID, 'byte order is 3'],
    ['an unknown identification version', (p) => p.header(6, 1, 2), INVALID, 'version is 2'],
    ['an executable', (p) => p.header(16, 2, 2), UNSUPPORTED, 'its type is 2'],
    ['another machine', (p) => p.header(18, 2, 62), UNSUPPORTED, 'machine 62'],
    ['no machine', (p) => p.header(18, 2, 0), UNSUPPORTED, 'machine 0'],
    ['an unknown version', (p) => p.header(20, 4, 7), INVALID, 'version is 7'],
    ['a header of another size', (p) => p.header(52, 2, 52), INVALID, 'header has 52 bytes'],
    ['section headers of another size', (p) => p.header(58, 2, 40), INVALID, 'section headers have 40 bytes'],
    ['no section headers', (p) => p.header(60, 2, 0), INVALID, '0 section headers'],
    ['reserved numbers of sections', (p) => p.header(60, 2, 0xff00), INVALID, '65280 section headers'],
    ['too many sections', (p) => p.header(60, 2, 4097), 'EBPM_ELF_TOO_LARGE', '4097 sections'],
    ['section headers beyond the end', (p) => p.header(40, 8, bytes.length), INVALID, 'do not fit'],
    ['section headers at 2^63', (p) => p.header(44, 4, 0x8000_0000), INVALID, 'section headers at byte Infinity'],
    ['no section of names', (p) => p.header(62, 2, 0), INVALID, 'section names are in section 0'],
    ['a section of names that is not there', (p) => p.header(62, 2, 999), INVALID, 'section names are in section 999'],
    ['names in code', (p) => p.header(62, 2, p.index('.text')), INVALID, 'not a string table'],
    ['a section name beyond the names', (p) => p.section('.BTF', 0, 4, 0xffffff), INVALID, 'no valid name'],
    ['a section name that is not UTF-8', (p) => p.sectionName('.BTF', 0xff), INVALID, 'no valid name'],
    ['a section beyond the end', (p) => p.section('.BTF', 24, 8, bytes.length), INVALID, 'of a file of'],
    ['a section longer than the file', (p) => p.section('.BTF', 32, 8, bytes.length), INVALID, 'of a file of'],
    ['a section at 2^63', (p) => p.section('.BTF', 28, 4, 0x8000_0000), INVALID, 'at byte Infinity'],
    ['a size of 2^63', (p) => p.section('.BTF', 36, 4, 0x8000_0000), INVALID, 'has Infinity bytes'],
    ['a zeroed section of 4 GiB', (p) => p.section('.bss', 36, 4, 1), INVALID, '4294967336 bytes'],
    ['flags that cannot be', (p) => p.section('.text', 12, 4, 0x8000_0000), INVALID, 'unknown flags'],
    ['names that do not end', (p) => p.endOfSection('.strtab', 0x41), INVALID, 'do not start and end with NUL'],
    ['names that do not start', (p) => p.inSection('.strtab', 0, 1, 0x41), INVALID, 'do not start and end with NUL'],
    ['two symbol tables', (p) => p.section('.text', 4, 4, 2), INVALID, '2 symbol tables'],
    ['extended section indexes', (p) => p.section('.text', 4, 4, 18), UNSUPPORTED, 'extended section indexes'],
    ['symbols of another size', (p) => p.section('.symtab', 56, 8, 16), INVALID, 'in entries of 16'],
    ['half a symbol', (p) => p.section('.symtab', 32, 8, 23), INVALID, '23 bytes in entries of 24'],
    ['more local symbols than symbols', (p) => p.section('.symtab', 44, 4, 1e6), INVALID, '1000000 local symbols'],
    ['symbols named by code', (p) => p.section('.symtab', 40, 4, p.index('.text')), INVALID, 'not a string table'],
    ['symbols named by nothing', (p) => p.section('.symtab', 40, 4, 999), INVALID, 'not a string table'],
    ['a symbol name beyond the names', (p) => p.symbol('handle_exec', 0, 4, 0xffffff), INVALID, 'no valid name'],
    ['a symbol in no section', (p) => p.symbol('handle_exec', 6, 2, 999), INVALID, 'is in section 999'],
    ['a symbol in a reserved section', (p) => p.symbol('handle_exec', 6, 2, 0xff05), INVALID, 'is in section 65285'],
    ['a symbol beyond its section', (p) => p.symbol('handle_exec', 8, 8, 4096), INVALID, '"handle_exec") ends at byte'],
    ['a symbol longer than its section', (p) => p.symbol('handle_exec', 16, 8, 4096), INVALID, 'ends at byte 4096'],
    ['a symbol at 2^63', (p) => p.symbol('handle_exec', 12, 4, 0x8000_0000), INVALID, 'ends at byte Infinity'],
    ['relocations with addends', (p) => p.section('.relkprobe/do_unlinkat', 4, 4, 4), UNSUPPORTED, 'with addends'],
    ['relocations of another size', (p) => p.section('.rel.BTF', 56, 8, 24), INVALID, 'in entries of 24'],
    ['half a relocation', (p) => p.section('.rel.BTF', 32, 8, 15), INVALID, '15 bytes in entries of 16'],
    [
      'relocations without symbols',
      (p) => p.section('.rel.BTF', 40, 4, 1),
      INVALID,
      'takes its symbols from section 1',
    ],
    ['relocations of nothing', (p) => p.section('.rel.BTF', 44, 4, 0), INVALID, 'relocates section 0'],
    ['relocations of a missing section', (p) => p.section('.rel.BTF', 44, 4, 999), INVALID, 'relocates section 999'],
    ['a relocation beyond its section', (p) => p.inSection('.rel.BTF', 0, 4, 1e6), INVALID, 'is at byte 1000000'],
    ['a relocation at 2^63', (p) => p.inSection('.rel.BTF', 4, 4, 0x8000_0000), INVALID, 'is at byte Infinity'],
    ['a relocation to no symbol', (p) => p.inSection('.rel.BTF', 12, 4, 1e6), INVALID, 'has symbol 1000000'],
  ])('readElf() refuses %s', (_what, change, code, text) => {
    const patch = new ElfPatch(bytes);
    change(patch);
    expectRefused(() => readElf(patch.bytes), code, text);
  });

  test('readElf() refuses a name that is too long', () => {
    const patch = new ElfPatch(bytes);
    const names = patch.find('.strtab').bytes ?? new Uint8Array();
    patch.symbol('handle_exec', 0, 4, names.length);
    const long = patch.replaceSection('.strtab', new Uint8Array([...names, ...new Array(1025).fill(0x61), 0]));
    expectRefused(() => readElf(long), INVALID, 'no valid name');
  });

  test('readElf() refuses more symbols and relocations than any object has', () => {
    const symbols = new ElfPatch(bytes).replaceSection('.symtab', new Uint8Array(24 * (2 ** 16 + 1)));
    expectRefused(() => readElf(symbols), 'EBPM_ELF_TOO_LARGE', '65537 symbols');
    const relocations = new ElfPatch(bytes).replaceSection('.rel.BTF', new Uint8Array(16 * (2 ** 20 + 1)));
    expectRefused(() => readElf(relocations), 'EBPM_ELF_TOO_LARGE', 'relocations, wanted at most 1048576');
  });

  test('readElf() refuses a file that is too large before it looks into it', () => {
    expectRefused(() => readElf(new Uint8Array(64 * 1024 * 1024 + 1)), 'EBPM_ELF_TOO_LARGE', '67108865 bytes');
  });
});

describe('readElf() accepts', () => {
  test('readElf() accepts sections that overlap', () => {
    const patch = new ElfPatch(bytes);
    const { offsetBytes } = patch.find('.text');
    patch.section('license', 24, 8, offsetBytes);
    expect(readElf(patch.bytes).sections.find(({ name }) => name === 'license')?.offsetBytes).toBe(offsetBytes);
  });

  test('readElf() accepts a view that starts anywhere in its buffer', () => {
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(readElf(shifted).symbols).toEqual(elf.symbols);
  });
});

function readelf(option: string): string {
  return execFileSync('readelf', ['--wide', option, path], { encoding: 'utf8' });
}

function hex(text: string | undefined): number {
  return Number.parseInt(text ?? '', 16);
}
