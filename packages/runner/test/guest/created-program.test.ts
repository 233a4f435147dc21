import { recordType } from '@ebpm/events';
import { readEunomiaPackage, writeEunomiaPackage } from '@ebpm/formats';
import { readObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileSource } from '../../../../test/support/compile-source.js';
import { seedPackage } from '../../../../test/support/seed-package.js';
import { createdProgram } from '../../src/guest/created-program.js';
import { seedEventText } from '../../src/guest/seed-event-text.js';

const SOURCE = `
struct event { long long when; int code; short small; unsigned char byte; _Bool yes; char text[6]; float left_out; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
const volatile int wanted = 7;
const volatile char name[8] = "abc";
const struct event *pinned __attribute__((unused));
SEC("perf_event") int on_sample(void *ctx) {
  struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
  if (!e) return 0;
  e->code = wanted + name[0];
  bpf_ringbuf_submit(e, 0);
  return 0;
}`;
const OBJECT = compileSource(SOURCE);
const BTF = readObject(OBJECT).btf;
const EVENT = BTF?.find('event', 'struct');

function today(more: object = {}): string {
  const meta = {
    bpf_skel: {
      obj_name: 'x_bpf',
      maps: [{ name: 'events', ident: 'events' }],
      progs: [{ name: 'on_sample', attach: 'perf_event', link: true }],
      data_sections: [{ name: '.rodata', variables: [{ name: 'wanted', type: 'int', value: 9 }] }],
    },
    export_types: [],
  };
  return JSON.stringify({ ...JSON.parse(writeEunomiaPackage({ object: OBJECT, meta: meta as never })), ...more });
}

function seed(more: object = {}): string {
  const fields = [
    ['when', 0, 'long long', 'i64'],
    ['code', 64, 'int', 'i32'],
  ] as const;
  const pkg = seedPackage({ name: 'x', object: OBJECT, sizeBits: 256, fields, program: 'on_sample' });
  return JSON.stringify({ ...pkg, ...more });
}

const values = (json: string) =>
  createdProgram(json).values.map(({ section, bytes }) => [section, Buffer.from(bytes, 'base64').toString('hex')]);

describe('createdProgram()', () => {
  it('createdProgram() takes packages of today and of 2022', () => {
    expect(createdProgram(today()).pkg.name).toBe('x_bpf');
    expect(createdProgram(today()).events?.map).toBe('events');
    expect(readEunomiaPackage(Buffer.from(today()), 'x').object).toEqual(OBJECT);
    expect(createdProgram(seed()).events?.map).toBe('events');
  });

  it('createdProgram() writes the values that the package has, and over them those of runtime_args', () => {
    expect(values(today())).toContainEqual(['.rodata', '09000000']);
    expect(values(today({ runtime_args: { wanted: -1, name: 'xy' } })).slice(-2)).toEqual([
      ['.rodata', 'ffffffff'],
      ['.rodata', '7879000000000000'],
    ]);
    expect(values(seed({ runtime_args: { wanted: 5 } }))).toContainEqual(['.rodata', '05000000']);
  });

  it.each([
    ['what is no JSON', '{', 'EBPM_PACKAGE_MALFORMED'],
    ['what is no package', '{"runtime_args": {}}', 'EBPM_PACKAGE_INVALID'],
    ['a value that the global cannot hold', today({ runtime_args: { wanted: 2 ** 40 } }), 'EBPM_ARGUMENT_INVALID'],
    ['a value that is an object', today({ runtime_args: { wanted: {} } }), 'EBPM_ARGUMENT_INVALID'],
  ])('createdProgram() refuses %s', (_, json, code) => {
    expect(() => createdProgram(json)).toThrow(expect.objectContaining({ code }));
  });
});

describe('seedEventText()', () => {
  it('seedEventText() writes integers as the first releases did, and leaves out what they did', () => {
    if (BTF === undefined || EVENT === undefined) throw new Error('no types');
    const id = [...Array(BTF.count).keys()].find((n) => n > 0 && BTF.type(n) === EVENT) ?? 0;
    const text = seedEventText(recordType(BTF, id));
    const bytes = Buffer.alloc(32);
    bytes.writeBigInt64LE(-1n, 0);
    bytes.writeUInt32LE(0xffff_fffe, 8);
    bytes.writeInt16LE(-3, 12);
    bytes[14] = 200;
    bytes[15] = 1;
    bytes.write('a"b\n', 16);
    expect(text(bytes)).toBe(
      '{"when":18446744073709551615,"code":-2,"small":65533,"byte":200,"yes":1,"text":"a\\"b\\n"}',
    );
  });
});
