import { describe, expect, test } from 'vitest';
import { apiWhoamiKind, manifestKind, packageFileKind, validate } from '../src/index.js';

const MANIFEST = { manifest: 1, name: 'x', version: '1.0.0' };
const SKEL = { obj_name: 'x_bpf', maps: null, progs: null, data_sections: [] };
const packageOf = (skel: object, meta: object = {}) => ({
  bpf_object: '',
  bpf_object_size: 0,
  meta: { bpf_skel: { ...SKEL, ...skel }, ...meta },
});

describe('validate()', () => {
  test('validate() gives the value itself when it is sound', () => {
    const outcome = validate(manifestKind, MANIFEST);
    expect(outcome.ok && outcome.value).toBe(MANIFEST);
  });

  test.each([null, undefined, 1, 'x', [], true])('validate() refuses %j for a manifest', (value) => {
    expect(validate(manifestKind, value)).toEqual({
      ok: false,
      problems: [{ path: '', message: 'must be an object' }],
    });
  });

  test('validate() tells every problem of a manifest, in words', () => {
    const value = {
      ...MANIFEST,
      name: 'X',
      keywords: ['a b', 1],
      dependencies: { '@a/b': 1 },
      entry: [{ file: 'a', other: 1 }],
      a: 1,
    };
    const outcome = validate(manifestKind, value);
    expect(outcome.ok ? [] : outcome.problems.map(({ path, message }) => `${path}: ${message}`).sort()).toEqual([
      ': has the unknown key "a"',
      'dependencies["@a/b"]: must be a string',
      'entry[0]: has the unknown key "other"',
      'keywords[0]: must look like "tracing" or "network"',
      'keywords[1]: must be a string',
      'name: must look like "sigsnoop" or "@acme/sigsnoop"',
    ]);
  });

  test('validate() tells at most 20 problems', () => {
    const outcome = validate(manifestKind, { ...MANIFEST, files: Array.from({ length: 100 }, () => '../x') });
    expect(outcome.ok ? 0 : outcome.problems.length).toBe(20);
  });

  test('validate() tells the first problem only of what may be large', () => {
    const maps = Array.from({ length: 100 }, () => ({ name: 1 }));
    expect(validate(packageFileKind, packageOf({ maps }))).toEqual({
      ok: false,
      problems: [{ path: 'meta.bpf_skel.maps[0]', message: 'must have the key "ident"' }],
    });
  });

  test.each<[string, unknown]>([
    ['null for maps and programs', packageOf({})],
    ['unknown keys everywhere', { ...packageOf({ x: 1, maps: [{ name: 'a', ident: 'a', x: 1 }] }, { x: 1 }), x: 1 }],
    ['export_config as a word', packageOf({ maps: [{ name: 'a', ident: 'a', export_config: 'default' }] })],
    ['export_config as a type', packageOf({ maps: [{ name: 'a', ident: 'a', export_config: { btf_type_id: 7 } }] })],
    [
      'export_config as members',
      packageOf({
        maps: [
          { name: 'a', ident: 'a', export_config: { custom_members: [{ name: 'x', offset: 0, btf_type_id: 1 }] } },
        ],
      }),
    ],
    [
      'a stack trace',
      packageOf({ maps: [{ name: 'a', ident: 'a', intepreter: { stack_trace: { field_map: { pid: 'pid' } } } }] }),
    ],
    ['a sampled map', packageOf({ maps: [{ name: 'a', ident: 'a', sample: { interval: 1000, type: 'log2_hist' } }] })],
    [
      'a variable with any value',
      packageOf({
        data_sections: [{ name: '.rodata', variables: [{ name: 'v', type: 'int', value: null, size: 4 }] }],
      }),
    ],
    [
      'tc and xdp programs',
      packageOf({
        progs: [
          {
            name: 'a',
            attach: 'tc',
            link: true,
            tchook: { ifindex: 1, attach_point: 'BPF_TC_EGRESS' },
            tcopts: { handle: 1 },
          },
          { name: 'b', attach: 'xdp', link: false, ifindex: 2, flags: 0, xdpopts: { old_prog_fd: -1 } },
        ],
      }),
    ],
  ])('validate() allows %s in a package', (_, value) => {
    expect(validate(packageFileKind, value)).toMatchObject({ ok: true });
  });

  test.each<[string, unknown, string]>([
    ['no metadata', { bpf_object: '', bpf_object_size: 0 }, ': must have the key "meta"'],
    ['an absent list of maps', { ...packageOf({ maps: undefined }) }, 'meta.bpf_skel: must have the key "maps"'],
    ['a map kind', packageOf({ maps: {} }), 'meta.bpf_skel.maps: must be a list or null'],
    [
      'an unknown histogram',
      packageOf({ maps: [{ name: 'a', ident: 'a', sample: { interval: 1, type: 'x' } }] }),
      'meta.bpf_skel.maps[0].sample.type: must be one of "log2_hist", "linear_hist", "default_kv"',
    ],
    [
      'a short name of two letters',
      packageOf({
        data_sections: [{ name: '.bss', variables: [{ name: 'v', type: 'int', cmdarg: { short: 'ab' } }] }],
      }),
      'meta.bpf_skel.data_sections[0].variables[0].cmdarg.short: must have at most 1 characters',
    ],
    [
      'a timeout beyond i32',
      packageOf({}, { poll_timeout_ms: 2 ** 31 }),
      'meta.poll_timeout_ms: must be <= 2147483647',
    ],
  ])('validate() refuses %s in a package', (_, value, told) => {
    const outcome = validate(packageFileKind, value);
    expect(outcome.ok ? [] : outcome.problems.map(({ path, message }) => `${path}: ${message}`)).toContain(told);
  });

  test('validate() quotes what the value names', () => {
    expect(validate(manifestKind, { ...MANIFEST, '\u001b[2J"': 1 })).toMatchObject({
      problems: [{ message: 'has the unknown key "\\u001b[2J\\""' }],
    });
  });

  test('validate() checks times', () => {
    const whoami = (expires: string) => ({ user: { id: 'u', name: 'n' }, token: { id: 't', expires } });
    expect(validate(apiWhoamiKind, whoami('2026-01-31T12:00:00Z'))).toMatchObject({ ok: true });
    expect(validate(apiWhoamiKind, whoami('tomorrow'))).toMatchObject({
      problems: [{ path: 'token.expires', message: 'must be a date-time' }],
    });
  });
});
