import { describe, expect, test } from 'vitest';
import { MAX_MANIFEST_BYTES, readManifest } from '../src/index.js';

const SOUND = { manifest: 1, name: '@acme/sigsnoop', version: '1.0.0' };
const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
const invalid = (message: string) => refusal('EBPM_MANIFEST_INVALID', message);

describe('readManifest()', () => {
  test('readManifest() reads a manifest with every key', () => {
    const manifest = {
      $schema: './ebpm.schema.json',
      ...SOUND,
      description: 'Shows signals',
      license: 'MIT',
      keywords: ['signals'],
      repository: 'https://example.com/r',
      homepage: 'https://example.com/h',
      authors: ['A <a@example.com>'],
      readme: 'README.md',
      entry: [
        { file: 'x.json', when: { arch: 'x86_64', features: ['ringbuf'], unknown: [1] } },
        { file: 'package.json' },
      ],
      kernel: '>=5.8',
      requires: { ebpm: '>=0.1' },
      dependencies: { '@acme/headers': '^1' },
      metrics: { anything: true },
      wasi: {
        env: ['HOME'],
        dirs: [{ path: '/etc/hosts.d', guest: '/etc', access: 'read' }, { path: '.' }],
      },
      source: 'sigsnoop.bpf.c',
      files: ['include', '.clang-format'],
      private: true,
    };
    expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
    expect(readManifest(new TextEncoder().encode(`\uFEFF${JSON.stringify(manifest)}`))).toEqual(manifest);
  });

  test.each<[string, unknown, string]>([
    ['no object', [], 'it must be an object'],
    ['no version', { manifest: 1, name: 'x' }, 'it must have the key "version"'],
    ['another format', { ...SOUND, manifest: 2 }, 'manifest must be 1'],
    ['a name in upper case', { ...SOUND, name: 'X' }, 'name must look like "sigsnoop"'],
    ['a version that is none', { ...SOUND, version: '1' }, 'version must look like "1.0.0"'],
    ['an unknown key', { ...SOUND, foo: 1 }, 'it has the unknown key "foo"'],
    [
      'a link that a browser would run',
      { ...SOUND, homepage: 'javascript:alert(1)' },
      'homepage must look like "https://',
    ],
    ['a path that climbs', { ...SOUND, files: ['a', '../b'] }, 'files[1] must look like'],
    ['an absolute entry', { ...SOUND, entry: '/x.json' }, 'entry must look like'],
    ['an entry of another type', { ...SOUND, entry: 1 }, 'entry must be a string or a list'],
    ['a variant without a file', { ...SOUND, entry: [{ when: {} }] }, 'entry[0] must have the key "file"'],
    ['a variable that is none', { ...SOUND, wasi: { env: ['A=B'] } }, 'wasi.env[0] must match'],
    ['a relative folder', { ...SOUND, wasi: { dirs: [{ path: '../x' }] } }, 'wasi.dirs[0].path must look like'],
    ['a folder without a path', { ...SOUND, wasi: { dirs: [{ guest: '/x' }] } }, 'must have the key "path"'],
    ['another access', { ...SOUND, wasi: { dirs: [{ path: '/x', access: 'all' }] } }, 'wasi.dirs[0].access must be'],
    ['an unknown wish', { ...SOUND, wasi: { sockets: true } }, 'wasi has the unknown key "sockets"'],
    ['a keyword twice', { ...SOUND, keywords: ['a', 'a'] }, 'keywords must not repeat'],
    ['an unknown requirement', { ...SOUND, requires: { node: '1' } }, 'requires has the unknown key "node"'],
    ['a dependency with a bad name', { ...SOUND, dependencies: { X: '1' } }, 'dependencies'],
    [
      'a dependency with a bad range',
      { ...SOUND, dependencies: { x: 'next' } },
      'dependencies["x"] must be a version range',
    ],
    [
      'a requirement with a bad range',
      { ...SOUND, requires: { ebpm: 'new' } },
      'requires.ebpm must be a version range',
    ],
    ['a long description', { ...SOUND, description: 'x'.repeat(501) }, 'description must have at most 500'],
  ])('readManifest() refuses %s', (_, value, message) => {
    expect(() => readManifest(JSON.stringify(value))).toThrow(invalid(message));
  });

  test('readManifest() tells every problem', () => {
    expect(() => readManifest('{"manifest":1,"name":"X","version":1,"private":0}', 'p/ebpm.json')).toThrow(
      expect.objectContaining({
        message: 'Cannot read "p/ebpm.json": name must look like "sigsnoop" or "@acme/sigsnoop", and 2 more',
        hint: expect.stringContaining('  version must be a string\n  private must be true or false'),
      }),
    );
  });

  test.each([
    ['what is not JSON', '{"manifest":1,', 'it is not JSON'],
    ['a key twice', '{"manifest":1,"name":"a","version":"1.0.0","name":"b"}', 'the key "name" occurs twice'],
    ['a key twice that is written in two ways', '{"name":"a","n\\u0061me":"b"}', 'the key "name" occurs twice'],
    ['a key twice, deep inside', '{"metrics":{"a":{"b":1,"b":2}}}', 'the key "b" occurs twice'],
    ['a prototype', '{"manifest":1,"metrics":{"__proto__":{"x":1}}}', '"__proto__" is not allowed'],
    ['a prototype in disguise', '{"metrics":{"\\u005F_proto__":{"x":1}}}', '"__proto__" is not allowed'],
    ['a prototype in another disguise', '{"metrics":{"__pr\\u006fto__":{"x":1}}}', '"__proto__" is not allowed'],
  ])('readManifest() refuses %s', (_, text, message) => {
    expect(() => readManifest(text)).toThrow(refusal('EBPM_MANIFEST_MALFORMED', message));
  });

  test('readManifest() refuses bytes that are not UTF-8', () => {
    expect(() => readManifest(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(
      refusal('EBPM_MANIFEST_MALFORMED', 'not UTF-8'),
    );
  });

  test('readManifest() refuses what is too large', () => {
    expect(() => readManifest(' '.repeat(MAX_MANIFEST_BYTES + 1))).toThrow(
      refusal('EBPM_MANIFEST_TOO_LARGE', '65536 bytes'),
    );
  });

  test('readManifest() survives the deepest nesting that fits', () => {
    const depth = (MAX_MANIFEST_BYTES - 100) / 2;
    const text = `{"manifest":1,"name":"x","version":"1.0.0","metrics":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    expect(readManifest(text).name).toBe('x');
  });

  test('readManifest() allows two objects to have the same key', () => {
    const manifest = { ...SOUND, metrics: { a: { name: 1 }, b: { name: 'a: "name":' } } };
    expect(readManifest(JSON.stringify(manifest, null, 2))).toEqual(manifest);
  });
});
