import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { BpfObject } from '../src/bpf-object.js';
import { readObject } from '../src/read-object.js';
import { compileFixture, linkFixture, stripFixture } from './compile-fixture.js';

const tracer = readObject(compileFixture('tracer').bytes);
const maps = readObject(compileFixture('maps').bytes);

describe('readObject() programs', () => {
  test('readObject() lists programs by section and offset, as libbpf does', () => {
    expect(tracer.programs.map(({ name, section, offsetBytes }) => [name, section, offsetBytes])).toEqual([
      ['handle_exec', 'tracepoint/sched/sched_process_exec', 0],
      ['handle_exit', 'tracepoint/sched/sched_process_exit', 0],
      ['handle_unlink', 'kprobe/do_unlinkat', 0],
      ['handle_unlink_too', 'kprobe/do_unlinkat', 24],
    ]);
    expect(tracer.programs.map(({ instructionCount }) => instructionCount)).toEqual(
      ['handle_exec', 'handle_exit', 'handle_unlink', 'handle_unlink_too'].map((name) => symbolBytes(name) / 8),
    );
  });

  test('readObject() keeps subprograms apart, static and global ones', () => {
    expect(tracer.subprograms.map(({ name }) => name).sort()).toEqual(['count_up', 'is_wanted']);
    expect(maps.subprograms).toEqual([]);
  });
});

describe('readObject() maps', () => {
  test('readObject() reads every member of a map definition', () => {
    const plain = { flags: 0, numaNode: 0, extra: 0n, pinning: 0, inner: undefined };
    expect(maps.maps.map(({ offsetBytes, keyTypeId, valueTypeId, ...map }) => map)).toEqual([
      { ...plain, name: 'inner_one', type: 2, keySizeBytes: 4, valueSizeBytes: 32, maxEntries: 2 },
      {
        ...plain,
        name: 'outer',
        type: 12,
        keySizeBytes: 4,
        valueSizeBytes: 4,
        maxEntries: 4,
        inner: expect.objectContaining({ type: 2, keySizeBytes: 4, valueSizeBytes: 32, maxEntries: 2 }),
      },
      { ...plain, name: 'jumps', type: 3, keySizeBytes: 4, valueSizeBytes: 4, maxEntries: 3 },
      { ...plain, name: 'bloom', type: 30, keySizeBytes: 0, valueSizeBytes: 4, maxEntries: 10, extra: 3n },
      {
        ...plain,
        name: 'pinned',
        type: 9,
        keySizeBytes: 6,
        valueSizeBytes: 12,
        maxEntries: 10,
        pinning: 1,
        numaNode: 1,
      },
    ]);
    expect(tracer.maps.find(({ name }) => name === 'starts')).toMatchObject({ flags: 1, maxEntries: 1024 });
  });

  test('readObject() names the types of keys and values', () => {
    const starts = tracer.maps.find(({ name }) => name === 'starts');
    expect(tracer.btf?.nameOf(starts?.keyTypeId ?? 0)).toBe('__u32');
    expect(tracer.btf?.nameOf(starts?.valueTypeId ?? 0)).toBe('struct event');
    expect(tracer.maps[0]).toMatchObject({ name: 'events', keyTypeId: undefined, valueTypeId: undefined });
  });
});

describe('readObject() data sections', () => {
  test('readObject() finds global variables through the symbol table and static ones through BTF', () => {
    expect(variablesOf(tracer, '.rodata')).toEqual([
      ['target_pid', 0, 4, 'const volatile pid_type', 'global'],
      ['failed_only', 4, 1, 'const volatile _Bool', 'global'],
      ['prefix', 5, 8, 'const volatile char[8]', 'global'],
      ['handle_exec.____fmt', 13, 8, 'const char[8]', 'static'],
      ['hidden_setting', 22, 2, 'const volatile short', 'static'],
    ]);
    expect(variablesOf(tracer, '.data')).toEqual([
      ['initialised', 0, 4, 'int', 'global'],
      ['hidden_counter', 4, 4, 'int', 'static'],
    ]);
    expect(variablesOf(tracer, '.bss').map(([name, offset, size]) => [name, offset, size])).toEqual([
      ['seen', 0, 8],
      ['limits', 8, 24],
      ['unused_event', 32, 8],
    ]);
  });

  test('readObject() gives the bytes of initialised sections', () => {
    const bytes = (name: string) => tracer.dataSections.find((section) => section.name === name)?.bytes;
    expect(Array.from(bytes('.data') ?? [])).toEqual([42, 0, 0, 0, 3, 0, 0, 0]);
    expect(bytes('.bss')).toBeUndefined();
    expect(tracer.dataSections.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['.rodata', 24],
      ['.data', 8],
      ['.bss', 40],
    ]);
  });

  test('readObject() takes sections with a name of their own', () => {
    expect(maps.dataSections.map(({ name }) => name)).toEqual(['.rodata.tables', '.data.custom', '.bss.zeroed']);
    expect(variablesOf(maps, '.rodata.tables')).toEqual([['table', 0, 6, 'const char[2][3]', 'global']]);
  });
});

describe('readObject() the rest', () => {
  test('readObject() lists what libbpf has to find', () => {
    expect(maps.externs.map(({ name, section, weak }) => [name, section, weak]).sort()).toEqual([
      ['CONFIG_BPF', '.kconfig', true],
      ['LINUX_KERNEL_VERSION', '.kconfig', false],
      ['bpf_key_put', '.ksyms', true],
      ['bpf_prog_active', '.ksyms', false],
    ]);
    expect(tracer.externs).toEqual([]);
  });

  test('readObject() reads the license, or that there is none', () => {
    expect(tracer.license).toBe('Dual BSD/GPL');
    expect(readObject(compileFixture('types').bytes).license).toBeUndefined();
  });

  test('readObject() lists CO-RE relocations with their path', () => {
    const { btf } = tracer;
    expect(tracer.coreRelocations.map(({ kind, typeId, access }) => [kind, btf?.nameOf(typeId), access])).toEqual([
      ['field_byte_offset', 'struct task_struct', [0, 1]],
      ['field_byte_offset', 'struct task_struct', [0, 0]],
      ['field_exists', 'struct task_struct', [0, 2]],
    ]);
    expect(maps.coreRelocations).toEqual([]);
    expect(maps.hasBtfExt).toBe(true);
  });

  test.each(['tracer', 'maps', 'types'])('readObject() reads %s alike with and without DWARF', (name) => {
    expect(summary(readObject(stripFixture(name).bytes))).toEqual(summary(readObject(compileFixture(name).bytes)));
  });

  test.each(['tracer', 'maps', 'types'])('readObject() reads %s alike when libbpf has linked it', (name) => {
    expect(summary(readObject(linkFixture(name).bytes))).toEqual(summary(readObject(compileFixture(name).bytes)));
  });

  test.each(['tracer', 'maps', 'types'])(
    'readObject() lists maps and programs of %s as a skeleton of bpftool does',
    (name) => {
      const { path, bytes } = stripFixture(name);
      const skeleton = execFileSync('bpftool', ['gen', 'skeleton', path, 'name', name], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      const listed = (type: string) =>
        Array.from(skeleton.matchAll(new RegExp(`^\\t\\tstruct ${type} \\*(\\w+);`, 'gm')), ([, one]) => one);
      const object = readObject(bytes);
      // bpftool of Debian 12 has libbpf 1.1, which skips sections called .bss.*
      const sections = object.dataSections.filter((section) => !section.name.startsWith('.bss.'));
      const internal = sections.map((section) => section.name.slice(1).replaceAll('.', '_'));
      const kconfig = object.externs.some(({ section }) => section === '.kconfig') ? ['kconfig'] : [];
      expect(listed('bpf_map')).toEqual([...object.maps.map((map) => map.name), ...internal, ...kconfig]);
      expect(listed('bpf_program')).toEqual(object.programs.map((program) => program.name));
    },
  );
});

function variablesOf(object: BpfObject, sectionName: string) {
  const section = object.dataSections.find(({ name }) => name === sectionName);
  return (section?.variables ?? []).map(({ name, offsetBytes, sizeBytes, typeId, linkage }) => [
    name,
    offsetBytes,
    sizeBytes,
    object.btf?.nameOf(typeId),
    linkage,
  ]);
}

/** What does not depend on the numbers of types and sections. */
function summary(object: BpfObject): unknown {
  const byName = <Item extends { name: string }>(items: readonly Item[]) =>
    items.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return {
    programs: object.programs.map(({ sectionIndex, ...program }) => program),
    subprograms: object.subprograms.map(({ sectionIndex, ...program }) => program),
    maps: object.maps.map(({ keyTypeId, valueTypeId, inner, ...map }) => map),
    data: object.dataSections.map(({ name, bytes }) => [name, bytes, variablesOf(object, name)]),
    externs: byName(object.externs).map(({ typeId, ...extern }) => extern),
    license: object.license,
    core: object.coreRelocations.map(({ typeId, ...relocation }) => relocation),
  };
}

function symbolBytes(name: string): number {
  const symbols = execFileSync('readelf', ['--wide', '--symbols', compileFixture('tracer').path], { encoding: 'utf8' });
  return Number(new RegExp(` +(\\d+) FUNC .* ${name}$`, 'm').exec(symbols)?.[1]);
}
