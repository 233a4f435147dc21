import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  digestOf,
  MAX_OBJECT_BYTES,
  MAX_PACKAGE_BYTES,
  readEunomiaPackage,
  writeEunomiaPackage,
} from '../src/index.js';

const text = (content: string) => new TextEncoder().encode(content);
const refusal = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
const OBJECT = text('\x7fELF and what follows. '.repeat(200));
const META = {
  bpf_skel: { obj_name: 'x_bpf', maps: null, progs: null, data_sections: [] },
  eunomia_version: '0.3.4',
  more: { x: 1 },
};

/** A package as another compiler would write it, with the runtime's zlib, and some keys changed. */
function packageBytes(changes: Readonly<Record<string, unknown>> = {}): Uint8Array {
  const packed = deflateSync(OBJECT).toString('base64');
  return text(JSON.stringify({ bpf_object: packed, bpf_object_size: OBJECT.length, meta: META, ...changes }));
}

describe('readEunomiaPackage()', () => {
  test('readEunomiaPackage() reads a package, with lists for null and unknown keys kept', () => {
    const { object, meta } = readEunomiaPackage(packageBytes());
    expect(object).toEqual(OBJECT);
    expect(meta).toEqual({
      bpf_skel: { obj_name: 'x_bpf', maps: [], progs: [], data_sections: [] },
      eunomia_version: '0.3.4',
      more: { x: 1 },
      export_types: [],
    });
  });

  test.each([0, 1, 4095, 4096, 4097, 100_000])('readEunomiaPackage() reads an object of %d random bytes', (size) => {
    const object = new Uint8Array(randomBytes(size));
    expect(readEunomiaPackage(text(writeEunomiaPackage({ object, meta: META }))).object).toEqual(object);
  });

  test.each([
    ['what is not JSON', text('{"bpf_object":'), 'EBPM_PACKAGE_MALFORMED', 'not JSON'],
    ['what is not UTF-8', Uint8Array.of(0x7b, 0xff), 'EBPM_PACKAGE_MALFORMED', 'not UTF-8'],
    ['a prototype', text('{"__proto__":{}}'), 'EBPM_PACKAGE_MALFORMED', '__proto__'],
    ['a list', text('[]'), 'EBPM_PACKAGE_INVALID', 'it must be an object'],
    [
      'a package without a size',
      packageBytes({ bpf_object_size: undefined }),
      'EBPM_PACKAGE_INVALID',
      '"bpf_object_size"',
    ],
    ['a negative size', packageBytes({ bpf_object_size: -1 }), 'EBPM_PACKAGE_INVALID', 'bpf_object_size must be >= 0'],
    ['half a byte', packageBytes({ bpf_object_size: 0.5 }), 'EBPM_PACKAGE_INVALID', 'a whole number'],
    [
      'metadata without maps',
      packageBytes({ meta: { bpf_skel: { obj_name: 'x' } } }),
      'EBPM_PACKAGE_INVALID',
      '"maps"',
    ],
    [
      'an enormous object',
      packageBytes({ bpf_object_size: MAX_OBJECT_BYTES + 1 }),
      'EBPM_PACKAGE_TOO_LARGE',
      '33554432',
    ],
    ['a module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'EBPM_PACKAGE_UNSUPPORTED', 'a WASM module'],
    ['a bare object', text('\x7fELF\x02\x01'), 'EBPM_PACKAGE_UNSUPPORTED', 'a bare eBPF object'],
    [
      'the first format',
      text('{"data":"","data_sz":0,"maps":[],"progs":[]}'),
      'EBPM_PACKAGE_UNSUPPORTED',
      'first releases',
    ],
    ['bare metadata', text('{"bpf_skel":{}}'), 'EBPM_PACKAGE_UNSUPPORTED', 'metadata without an eBPF object'],
  ])('readEunomiaPackage() refuses %s', (_, bytes, code, message) => {
    expect(() => readEunomiaPackage(bytes)).toThrow(refusal(code, message));
  });

  test('readEunomiaPackage() refuses a file that is too large', () => {
    expect(() => readEunomiaPackage(new Uint8Array(MAX_PACKAGE_BYTES + 1))).toThrow(refusal('EBPM_PACKAGE_TOO_LARGE'));
  });

  test.each([
    '*',
    'eJw=x',
    'eJwDAAAAAAE',
    'eJwD AAAAAAE=',
    'eJwDAAAAAAE=\n',
    'eJwDAAAAAAF=',
    'eJwD-AAAAAE=',
    'a===',
    '====',
  ])('readEunomiaPackage() refuses the base64 %j', (packed) => {
    expect(() => readEunomiaPackage(packageBytes({ bpf_object: packed, bpf_object_size: 0 }))).toThrow(
      refusal('EBPM_PACKAGE_BASE64'),
    );
  });

  test.each<[string, Uint8Array]>([
    ['something else', text('this is not compressed at all')],
    ['a block of no type', Uint8Array.of(0x78, 0x9c, 0x07, 0, 0, 0, 0, 0)],
    ['nothing', text('')],
    ['a header alone', Uint8Array.of(0x78, 0x9c)],
    ['a truncated stream', deflateSync(OBJECT).subarray(0, -10)],
    ['a wrong checksum', withLastByte(deflateSync(OBJECT))],
    ['a preset dictionary', deflateSync(OBJECT, { dictionary: text('ELF and what follows') })],
  ])('readEunomiaPackage() refuses compressed data that is %s', (_, packed) => {
    const bytes = packageBytes({ bpf_object: Buffer.from(packed).toString('base64') });
    expect(() => readEunomiaPackage(bytes)).toThrow(refusal('EBPM_PACKAGE_COMPRESSION'));
  });

  test.each([
    [OBJECT.length + 1, 'shorter'],
    [OBJECT.length - 1, 'longer'],
    [0, 'longer'],
    [MAX_OBJECT_BYTES, 'shorter'],
  ])('readEunomiaPackage() refuses bpf_object_size %d where the object is %s', (size, message) => {
    expect(() => readEunomiaPackage(packageBytes({ bpf_object_size: size }))).toThrow(
      refusal('EBPM_PACKAGE_SIZE_MISMATCH', message),
    );
  });

  test('readEunomiaPackage() refuses a bomb without unpacking it', () => {
    const bomb = packageBytes({
      bpf_object: deflateSync(new Uint8Array(256 * 1024 * 1024), { level: 1 }).toString('base64'),
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readEunomiaPackage(bomb)).toThrow(refusal('EBPM_PACKAGE_SIZE_MISMATCH', 'longer'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('writeEunomiaPackage()', () => {
  test('writeEunomiaPackage() gives the bytes that this package has had for ever', () => {
    expect(digestOf(text(writeEunomiaPackage({ object: OBJECT, meta: META })))).toBe(
      'sha256:424823f8039c540ba6ca6ce3da96b6ff5449bb551747f5031b56eefbf40e80db',
    );
  });

  test('writeEunomiaPackage() writes the metadata as it is given', () => {
    expect(JSON.parse(writeEunomiaPackage({ object: OBJECT, meta: META })).meta).toEqual(META);
  });
});

function withLastByte(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}
