import { describe, expect, it } from 'vitest';
import { foreignInputs } from '../../../../test/kernels/foreign-inputs.js';
import { foreignPackages } from '../../../../test/kernels/foreign-package.js';
import { parseProgramArguments } from '../../src/arguments/parse-program-arguments.js';
import { programOptions } from '../../src/arguments/program-option.js';
import { type OpenPackageOptions, openPackage } from '../../src/inputs/open-package.js';
import { eventSources } from '../../src/session/event-source.js';

const INPUTS = foreignInputs();
const FULL = foreignPackages().full;
const text = (content: string) => new TextEncoder().encode(content);
const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

const SHAPES: Readonly<Record<string, readonly [Uint8Array, OpenPackageOptions]>> = {
  'of today': [text(FULL), {}],
  'of early 2023': [text(INPUTS.mid), {}],
  'of the first releases': [text(INPUTS.seed), {}],
  'of metadata and an object': [text(INPUTS.skel), { source: 'foreign.skel.json', object: INPUTS.object }],
  'of an object alone': [INPUTS.object, { source: '/x/foreign.bpf.o' }],
  'of a GNU tar': [INPUTS.tar({}), {}],
  'of a ustar': [INPUTS.tar({}, 'ustar'), {}],
  'of a pax tar': [INPUTS.tar({}, 'pax'), {}],
};

function open(shape: string) {
  const [bytes, options] = SHAPES[shape] ?? [];
  if (bytes === undefined) throw new Error(`no shape "${shape}"`);
  return openPackage(bytes, options);
}

describe('openPackage()', () => {
  it.each(Object.keys(SHAPES))('finds the events and their columns in a package %s', (shape) => {
    const [source, ...others] = eventSources(open(shape));
    expect(others).toEqual([]);
    expect(source?.map.name).toBe('events');
    expect(source?.type.sizeBytes).toBe(40);
    expect(source?.type.fields.map(({ name }) => name)).toEqual(['pid', 'tpid', 'sig', 'comm', 'both']);
  });

  it.each(Object.keys(SHAPES))('finds the options in a package %s', (shape) => {
    const options = programOptions(open(shape));
    expect(options.map(({ variable, kind }) => `${variable} ${kind.kind}`)).toContain('only_pid int');
    expect(options.some(({ variable }) => variable.startsWith('__eunomia_dummy'))).toBe(false);
  });

  it.each([
    ['of an object alone', 'foreign_bpf'],
    ['of the first releases', 'killsnoop'],
    ['of metadata and an object', 'foreign_bpf'],
  ])('names a package %s "%s"', (shape, name) => {
    expect(open(shape).name).toBe(name);
  });

  it('writes the values of a package of the first releases where BTF says, not where its sizes add up to', () => {
    const options = programOptions(open('of the first releases'));
    const parsed = parseProgramArguments(options, []);
    const written = parsed.wants === 'run' ? parsed.values : [];
    expect(written.map(({ option, bytes }) => [option.variable, option.offsetBytes, bytes[0]])).toEqual([
      ['only_sig', 8, 10],
    ]);
  });

  it('fills in what early 2023 took for granted, and not what today does', () => {
    const sampled = (meta: Record<string, unknown>) => {
      const value = JSON.parse(INPUTS.mid);
      value.meta = { ...value.meta, ...meta };
      value.meta.bpf_skel.maps[0].sample = { interval: 10, type: 'of_a_kind' };
      return openPackage(text(JSON.stringify(value))).meta;
    };
    const old = sampled({});
    expect(old.print_header).toBe(true);
    expect(old.bpf_skel.maps[0]?.sample).toEqual({ interval: 10, type: 'default_kv', clear_map: true });
    expect(() => sampled({ eunomia_version: '0.3.4' })).toThrow(refusal('EBPM_PACKAGE_INVALID', 'meta.bpf_skel.maps'));
  });

  it.each<[string, Uint8Array, OpenPackageOptions, string, string]>([
    [
      'metadata alone',
      text(INPUTS.skel),
      { source: 'dir/x.skel.json' },
      'EBPM_OBJECT_MISSING',
      'no object lies beside it',
    ],
    [
      'metadata of another object',
      text(INPUTS.skel.replace('"on_kill"', '"on_exec"')),
      { object: INPUTS.object },
      'EBPM_PACKAGE_INCONSISTENT',
      'the object has no program "on_exec"',
    ],
    ['a WASM module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), {}, 'EBPM_PACKAGE_UNSUPPORTED', 'a WASM module'],
    [
      'a web page',
      text('<!doctype html><title>Not\nFound</title>'),
      {},
      'EBPM_PACKAGE_MALFORMED',
      'a web page, "Not Found"',
    ],
    [
      'an answer',
      text('{"message":"Not Found","status":"404"}'),
      {},
      'EBPM_PACKAGE_INVALID',
      'something is wrong: "Not Found"',
    ],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8), {}, 'EBPM_PACKAGE_MALFORMED', 'a gzip file'],
    ['YAML', text('bpf_object: eJx\nmeta:\n'), {}, 'EBPM_PACKAGE_MALFORMED', 'in YAML, which no loader reads'],
    ['C', text('// SPDX\n#include <x.h>\n'), {}, 'EBPM_PACKAGE_MALFORMED', 'C source'],
    ['nothing', new Uint8Array(), {}, 'EBPM_PACKAGE_MALFORMED', 'it is empty'],
    [
      'a tar of something else',
      renamed(INPUTS.tar({})),
      {},
      'EBPM_PACKAGE_INVALID',
      'the archive has no "package.json"',
    ],
    ['a cut tar', INPUTS.tar({}).subarray(0, 2048), {}, 'EBPM_ARCHIVE_TRUNCATED', 'ends too early'],
    ['a damaged tar', damaged(INPUTS.tar({})), {}, 'EBPM_ARCHIVE_MALFORMED', 'is damaged'],
    ['a seed without padding', seedWith({ data: 'AAA' }), {}, 'EBPM_PACKAGE_BASE64', 'data is not padded base64'],
    [
      'a seed of another size',
      seedWith({ data_sz: 3 }),
      {},
      'EBPM_PACKAGE_SIZE_MISMATCH',
      'longer than data_sz, 3 bytes',
    ],
    ['a seed of 10 GB', seedWith({ data_sz: 1e10 }), {}, 'EBPM_PACKAGE_TOO_LARGE', 'are more than'],
    ['a seed with maps of text', seedWith({ maps: 'none' }), {}, 'EBPM_PACKAGE_INVALID', 'maps must be'],
    ['a name that is too long', named('é'.repeat(200)), {}, 'EBPM_PACKAGE_INCONSISTENT', 'wanted at most 255 bytes'],
    ['a name with NUL', named('a\0b'), {}, 'EBPM_PACKAGE_INCONSISTENT', 'Cannot use the name "a\\u0000b"'],
    [
      'a seed whose event is too small for its members',
      text(INPUTS.seed.replace('"Size": 320', '"Size": 32')),
      {},
      'EBPM_PACKAGE_INCONSISTENT',
      'Cannot use the event types of "killsnoop"',
    ],
  ])('refuses %s', (_, bytes, options, code, message) => {
    expect(() => openPackage(bytes, options)).toThrow(refusal(code, message));
  });

  it('reads a package of the first releases whose maps and programs are null', () => {
    const pkg = openPackage(seedWith({ maps: null, progs: null }));
    expect(pkg.meta.bpf_skel.maps.map(({ name }) => name)).toEqual(['events']);
    // Nothing tells the struct of its events any more.
    expect(() => eventSources(pkg)).toThrow(refusal('EBPM_EVENT_TYPE_MISSING', 'map "events"'));
  });
});

function named(obj_name: string): Uint8Array {
  const value = JSON.parse(FULL);
  value.meta.bpf_skel.obj_name = obj_name;
  return text(JSON.stringify(value));
}

function seedWith(changes: Readonly<Record<string, unknown>>): Uint8Array {
  return text(JSON.stringify({ ...JSON.parse(INPUTS.seed), ...changes }));
}

/** Two letters of "package.json" change places: the checksum stays what it was. */
function renamed(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf('./package.json\0') + 2;
  copy.subarray(at, at + 2).reverse();
  return copy;
}

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[0] = 0x7f;
  return copy;
}
