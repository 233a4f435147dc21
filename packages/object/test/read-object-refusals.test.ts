import { describe, expect, test } from 'vitest';
import { readObject } from '../src/read-object.js';
import { BtfBuilder } from './btf-builder.js';
import { compileFixture, linkFixture } from './compile-fixture.js';
import { ElfPatch } from './elf-patch.js';
import { expectRefused } from './refused.js';

const INVALID = 'EBPM_OBJECT_INVALID';
const UNSUPPORTED = 'EBPM_OBJECT_UNSUPPORTED';
const BTF_INVALID = 'EBPM_BTF_INVALID';
const TOO_LARGE = 'EBPM_BTF_TOO_LARGE';
const BTF_UNSUPPORTED = 'EBPM_BTF_UNSUPPORTED';

const EXEC = 'tracepoint/sched/sched_process_exec';
const UNLINK = 'kprobe/do_unlinkat';

describe('readObject() refuses', () => {
  test.each<[what: string, patch: (patch: ElfPatch) => void, code: string, text: string]>([
    ['no symbols', (p) => p.section('.symtab', 4, 4, 1), 'EBPM_ELF_INVALID', 'takes its symbols from'],
    ['two sections of one name', (p) => p.renameSection('.data', '.rodata'), INVALID, 'two sections ".rodata"'],
    ['BTF without bytes', (p) => p.section('.BTF', 4, 4, 8), INVALID, '".BTF" has type 8, wanted 1'],
    ['maps without types', (p) => p.sectionName('.BTF', 0x58), INVALID, 'no types for them'],

    ['a function without name', (p) => p.symbol('handle_exit', 0, 4, 0), INVALID, 'has no name'],
    ['a function between instructions', (p) => p.symbol('handle_exit', 8, 8, 4), 'EBPM_ELF_INVALID', 'ends at byte'],
    [
      'a function of half an instruction',
      (p) => p.symbol('handle_exit', 16, 8, 12),
      INVALID,
      'wanted whole instructions',
    ],
    ['a function of no instruction', (p) => p.symbol('handle_exit', 16, 8, 0), INVALID, 'wanted whole instructions'],
    ['functions that overlap', (p) => p.symbol('handle_unlink', 16, 8, 32), INVALID, 'overlaps the one before it'],
    ['a static program', (p) => p.symbol('handle_exit', 4, 1, 0x02), UNSUPPORTED, 'is static, wanted global'],
    ['half an instruction', (p) => p.section(UNLINK, 32, 8, 52), INVALID, '52 bytes, no multiple of 8'],
    [
      'two programs of one name',
      (p) => p.symbol('handle_exit', 0, 4, p.nameOf('handle_exec')),
      INVALID,
      'two programs',
    ],
    [
      'a relocation between instructions',
      (p) => p.inSection(`.rel${EXEC}`, 0, 4, 4),
      INVALID,
      'no instruction that can be',
    ],
    [
      'a relocated exit',
      (p) => p.inSection(EXEC, p.firstRelocation(EXEC), 1, 0x95),
      INVALID,
      'no instruction that can be',
    ],
    [
      'a relocation to no section',
      (p) => p.symbol('events', 6, 2, 0xfff1),
      INVALID,
      '"events", which is in no section',
    ],

    ['a license without end', (p) => p.endOfSection('license', 0x41), INVALID, '"license" holds no text'],
    ['an empty license', (p) => p.inSection('license', 0, 1, 0), INVALID, '"license" holds no text'],
    ['a license of control characters', (p) => p.inSection('license', 0, 1, 0x1b), INVALID, '"license" holds no text'],

    ['a map without symbol', (p) => p.symbol('events', 6, 2, 0), INVALID, 'no symbol for its variable "events"'],
    ['maps that overlap', (p) => p.symbol('starts', 8, 8, 8), INVALID, '"starts" overlaps another at byte 8'],
    ['a map that is an int', (p) => p.variableType('events', 2), INVALID, 'map "events" is "int", wanted a struct'],
    ['a map that is too long', (p) => p.sectionVariable('.maps', 1, 8, 1000), INVALID, 'ends at byte 1016 of 56'],
    [
      'a map that is too short',
      (p) => p.sectionVariable('.maps', 0, 8, 8),
      INVALID,
      '"events" has 8 bytes, its type 16',
    ],
    ['an undefined symbol', (p) => p.undefine('count_up'), INVALID, '"count_up" is not defined'],
    ['more types than bytes', (p) => p.datasecSize('.data', 9), INVALID, '8 bytes, its types say 9'],

    ['a big-endian .BTF.ext', (p) => p.inSection('.BTF.ext', 0, 2, 0x9feb), BTF_UNSUPPORTED, 'big-endian'],
    ['another .BTF.ext', (p) => p.inSection('.BTF.ext', 0, 2, 7), BTF_INVALID, '".BTF.ext" starts with 0x7'],
    ['a later .BTF.ext', (p) => p.inSection('.BTF.ext', 2, 1, 9), BTF_UNSUPPORTED, 'version 9'],
    ['a .BTF.ext header beyond the end', (p) => p.inSection('.BTF.ext', 4, 4, 1e6), BTF_INVALID, 'has 1000000 bytes'],
    ['func_info beyond the end', (p) => p.inSection('.BTF.ext', 12, 4, 1e6), BTF_INVALID, 'func_info in ".BTF.ext"'],
    ['line_info beyond the end', (p) => p.inSection('.BTF.ext', 16, 4, 1e6), BTF_INVALID, 'line_info in ".BTF.ext"'],
    ['core_relo beyond the end', (p) => p.inSection('.BTF.ext', 28, 4, 1e6), BTF_INVALID, 'core_relo in ".BTF.ext"'],
    ['core_relo that is not aligned', (p) => p.inSection('.BTF.ext', 24, 4, 2), BTF_INVALID, 'at byte 2'],
    ['records that are too short', (p) => p.inExt(8, 0, 4), BTF_INVALID, 'its records have 4 bytes, wanted 8'],
    ['records that are not aligned', (p) => p.inExt(8, 0, 10), BTF_INVALID, 'its records have 10 bytes'],
    ['records of an unknown section', (p) => p.inExt(8, 4, 1), BTF_INVALID, 'there is no code in a section'],
    ['records of a section without name', (p) => p.inExt(8, 4, 1e7), BTF_INVALID, 'no valid string at 10000000'],
    ['no records', (p) => p.inExt(8, 8, 0), BTF_INVALID, 'it has 0 records'],
    ['too many records', (p) => p.inExt(8, 8, 1e9), BTF_INVALID, 'it has 1000000000 records'],
    [
      'a table that ends in a section header',
      (p) => p.inSection('.BTF.ext', 12, 4, 8),
      BTF_INVALID,
      'section header at byte 4',
    ],
    ['an instruction beyond the code', (p) => p.inExt(8, 12, 8000), BTF_INVALID, 'about byte 8000'],
    ['half an instruction in func_info', (p) => p.inExt(8, 12, 4), BTF_INVALID, 'about byte 4'],
    ['func_info of no function', (p) => p.inExt(8, 16, 1), BTF_INVALID, 'type 1 is no function'],
    ['func_info of no type', (p) => p.inExt(8, 16, 9999), BTF_INVALID, 'there is no such type'],
    ['a line of no file', (p) => p.inExt(16, 16, 1e7), BTF_INVALID, 'there is no string at 10000000'],
    ['a line of no text', (p) => p.inExt(16, 20, 1e7), BTF_INVALID, 'there is no string at 10000000'],
    ['a CO-RE relocation of no type', (p) => p.inExt(24, 16, 9999), BTF_INVALID, 'there is no such type'],
    ['a CO-RE relocation of void', (p) => p.inExt(24, 16, 0), BTF_INVALID, 'into "void"'],
    ['a CO-RE relocation of no path', (p) => p.inExt(24, 20, 0), BTF_INVALID, 'has access ""'],
    ['a CO-RE relocation of an unknown kind', (p) => p.inExt(24, 24, 13), BTF_UNSUPPORTED, 'has kind 13'],
    ['a CO-RE relocation of a value of a struct', (p) => p.inExt(24, 24, 10), BTF_INVALID, 'into "struct task_struct"'],
    ['a CO-RE relocation of a type with a path', (p) => p.inExt(24, 24, 8), BTF_INVALID, 'has access "0:1"'],
    ['a CO-RE path to no member', (p) => p.string('0:1', '0:9'), BTF_INVALID, 'has access "0:9"'],
    ['a CO-RE path of letters', (p) => p.string('0:1', '0:a'), BTF_INVALID, 'has access "0:a"'],
    ['a CO-RE path with a gap', (p) => p.string('0:1', '0::'), BTF_INVALID, 'has access "0::"'],
    [
      'BTF that is not sound',
      (p) => p.inSection('.BTF', 24, 4, 1e7),
      BTF_INVALID,
      'type 1: it has the name at 10000000',
    ],
  ])('readObject() refuses %s', (_what, change, code, text) => {
    const patch = new ElfPatch(compileFixture('tracer').bytes);
    change(patch);
    expectRefused(() => readObject(patch.bytes), code, text);
  });

  test('readObject() refuses an object whose symbols were stripped', () => {
    const patch = new ElfPatch(compileFixture('stripped').bytes);
    patch.section('.symtab', 4, 4, 1);
    patch.section('.relxdp', 4, 4, 1);
    expectRefused(() => readObject(patch.bytes), INVALID, 'no symbol table');
  });

  test.each([
    ['legacy', UNSUPPORTED, 'maps in section "maps"'],
    ['static-map', UNSUPPORTED, 'map "hidden" is static'],
  ])('readObject() refuses the source %s', (name, code, text) => {
    expectRefused(() => readObject(compileFixture(`bad/${name}`).bytes), code, text);
  });

  test.each([
    ['no_type', INVALID, 'it has no type'],
    ['unknown_member', UNSUPPORTED, 'it has the unknown member "colour"'],
    ['number_by_value', INVALID, 'its max_entries is "int", wanted a number'],
    ['key_by_value', INVALID, 'its key is "int", wanted a pointer to a type'],
    ['key_of_void', INVALID, 'its key is "void", which has no size'],
    ['two_sizes', INVALID, 'its value has 8 and 4 bytes'],
    ['pinned_elsewhere', INVALID, 'its pinning is 2'],
    ['values_first', INVALID, '"values" is not its last member'],
    ['values_in_hash', UNSUPPORTED, 'a map of type 1 has "values"'],
    ['values_of_ints', INVALID, '"values" is "int *[0]"'],
    ['maps_in_maps_in_maps', UNSUPPORTED, 'its inner map has "values"'],
    ['two_values', INVALID, 'its map_extra is'],
  ])('readObject() refuses the map definition %s', (define, code, text) => {
    expectRefused(() => readObject(compileFixture('bad/map', define).bytes), code, `map "bad": ${text}`);
  });
});

describe('readObject() holds types against symbols', () => {
  test('readObject() refuses a linked object whose types put a variable elsewhere', () => {
    const patch = new ElfPatch(linkFixture('tracer').bytes);
    patch.symbol('limits', 8, 8, 16);
    expectRefused(() => readObject(patch.bytes), INVALID, 'variable "limits" is at byte 16, its types say 8');
  });

  test('readObject() refuses a .BTF.ext that is cut or alone', () => {
    const cut = new ElfPatch(linkFixture('types').bytes);
    cut.section('.BTF.ext', 32, 8, 20);
    expectRefused(() => readObject(cut.bytes), BTF_INVALID, '".BTF.ext" has 20 bytes');
    const alone = new ElfPatch(linkFixture('types').bytes);
    alone.sectionName('.BTF', 0x58);
    expectRefused(() => readObject(alone.bytes), INVALID, 'it has ".BTF.ext" without ".BTF"');
  });

  test('readObject() refuses two types of one section', () => {
    const types = new BtfBuilder();
    for (let copies = 0; copies < 2; copies++) types.type('datasec', { name: '.bss' });
    expectRefused(() => readObject(withTypes('types', types)), INVALID, 'section ".bss" has two types');
    const many = new BtfBuilder();
    for (let index = 0; index < 4097; index++) many.type('datasec', { name: `.data.${index}` });
    expectRefused(() => readObject(withTypes('types', many)), TOO_LARGE, 'more than 4096 sections');
  });

  test('readObject() refuses a map that says the same twice', () => {
    const types = new BtfBuilder();
    const number = types.type('ptr', { third: 2 });
    types.type('array', { extra: [3, 3, 27] });
    types.int();
    const member = [types.name('type'), number];
    const struct = types.type('struct', { third: 16, vlen: 2, extra: [...member, 0, ...member, 64] });
    const map = types.type('var', { name: 'events', third: struct, extra: [1] });
    types.type('datasec', { name: '.maps', vlen: 1, extra: [map, 0, 16] });
    expectRefused(() => readObject(withTypes('tracer', types)), INVALID, 'map "events": it has two members "type"');
  });

  test('readObject() refuses a function in a section of data', () => {
    const types = new BtfBuilder();
    const proto = types.type('funcProto');
    const func = types.type('func', { name: 'f', third: proto });
    types.type('datasec', { name: '.bss', vlen: 1, extra: [func, 0, 8] });
    expectRefused(() => readObject(withTypes('types', types)), INVALID, 'section ".bss": "f" in it is no variable');
    const kconfig = new BtfBuilder();
    kconfig.type('func', { name: 'f', third: kconfig.type('funcProto') });
    kconfig.type('datasec', { name: '.kconfig', vlen: 1, extra: [2, 0, 8] });
    expectRefused(() => readObject(withTypes('types', kconfig)), INVALID, 'function "f" is in section ".kconfig"');
  });

  test('readObject() refuses more in .BTF.ext than any object has', () => {
    const patch = new ElfPatch(linkFixture('tracer').bytes);
    const large = patch.replaceSection('.BTF.ext', new Uint8Array(16 * 1024 * 1024 + 1));
    expectRefused(() => readObject(large), TOO_LARGE, '".BTF.ext" has 16777217 bytes');

    const { records, section } = coreRecords(patch);
    const many = patch.replaceSection('.BTF.ext', btfExt([section, 65_537, ...records(65_537)]));
    expectRefused(() => readObject(many), TOO_LARGE, 'more than 65536 CO-RE relocations');
    const twice = patch.replaceSection('.BTF.ext', btfExt([section, 1, ...records(1), section, 1, ...records(1)]));
    expectRefused(() => readObject(twice), BTF_INVALID, `two lists of records for "${EXEC}"`);
  });

  test('readObject() reads an object without types', () => {
    const object = readObject(compileFixture('stripped').bytes);
    expect(object).toMatchObject({ btf: undefined, hasBtfExt: false, maps: [], externs: [], coreRelocations: [] });
    expect(object.programs.map(({ name }) => name)).toEqual(['pass']);
    expect(object.dataSections).toMatchObject([{ name: '.bss', sizeBytes: 4, variables: [] }]);
  });
});

/** A linked object, which has no relocations of its types, with other types and without `.BTF.ext`. */
function withTypes(name: string, types: BtfBuilder): Uint8Array {
  const patch = new ElfPatch(linkFixture(name).bytes);
  patch.section('.BTF.ext', 0, 4, 0);
  return patch.replaceSection('.BTF', types.bytes());
}

/** The name of the section of the first CO-RE record of an object, and that record as often as wanted. */
function coreRecords(patch: ElfPatch): { section: number; records: (count: number) => number[] } {
  const [section = 0, , ...record] = [4, 8, 12, 16, 20, 24].map((at) => patch.readExt(24, at));
  return { section, records: (count) => Array.from({ length: count }, () => record).flat() };
}

/** A `.BTF.ext` with nothing but CO-RE relocations. */
function btfExt(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(32 + 4 + words.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0001_eb9f, true);
  [32, 0, 0, 0, 0, 0, 4 + words.length * 4, 16, ...words].forEach((word, index) => {
    view.setUint32(4 + index * 4, word, true);
  });
  return bytes;
}
