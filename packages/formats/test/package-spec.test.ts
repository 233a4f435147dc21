import { describe, expect, test } from 'vitest';
import { type PackageSpec, parseSpec } from '../src/index.js';

describe('parseSpec()', () => {
  test.each<[string, PackageSpec]>([
    ['sigsnoop', { kind: 'tag', name: 'sigsnoop', tag: 'latest' }],
    ['@acme/x', { kind: 'tag', name: '@acme/x', tag: 'latest' }],
    ['sigsnoop@next', { kind: 'tag', name: 'sigsnoop', tag: 'next' }],
    ['sigsnoop@^1.2', { kind: 'range', name: 'sigsnoop', range: '^1.2' }],
    ['sigsnoop@1.0.0-rc.1', { kind: 'range', name: 'sigsnoop', range: '1.0.0-rc.1' }],
    ['sigsnoop@>=1 <3 || 4', { kind: 'range', name: 'sigsnoop', range: '>=1 <3 || 4' }],
    ['sigsnoop@*', { kind: 'range', name: 'sigsnoop', range: '*' }],
    ['@acme/x@1', { kind: 'range', name: '@acme/x', range: '1' }],
    ['@acme/x.json', { kind: 'tag', name: '@acme/x.json', tag: 'latest' }],
    ['x.json@latest', { kind: 'tag', name: 'x.json', tag: 'latest' }],
    ['.', { kind: 'path', path: '.' }],
    ['..', { kind: 'path', path: '..' }],
    ['./sigsnoop', { kind: 'path', path: './sigsnoop' }],
    ['../x', { kind: 'path', path: '../x' }],
    ['/tmp/a@b', { kind: 'path', path: '/tmp/a@b' }],
    ['examples/sigsnoop', { kind: 'path', path: 'examples/sigsnoop' }],
    ['package.json', { kind: 'path', path: 'package.json' }],
    ['app.WASM', { kind: 'path', path: 'app.WASM' }],
    ['x.bpf.o', { kind: 'path', path: 'x.bpf.o' }],
    ['x.tar', { kind: 'path', path: 'x.tar' }],
    ['https://example.com/a/package.json', { kind: 'url', url: 'https://example.com/a/package.json' }],
    ['HTTP://example.com/x@1', { kind: 'url', url: 'HTTP://example.com/x@1' }],
    ['-', { kind: 'stdin' }],
  ])('parseSpec() reads %j', (text, spec) => {
    expect(parseSpec(text)).toEqual(spec);
  });

  test.each([
    ['', 'EBPM_SPEC_INVALID', 'empty'],
    ['x'.repeat(5000), 'EBPM_SPEC_INVALID', '4096 characters'],
    ['./a\0b', 'EBPM_SPEC_INVALID', 'NUL'],
    ['x@', 'EBPM_SPEC_INVALID', '"" is neither'],
    ['x@no such', 'EBPM_SPEC_INVALID', '"no such" is neither'],
    ['x@a/b', 'EBPM_SPEC_INVALID', '"a/b" is neither'],
    ['ftp://example.com/x', 'EBPM_SPEC_INVALID', '"ftp:" are not known'],
    ['oci://host/repo:tag', 'EBPM_SPEC_INVALID', '"oci:" are not known'],
    ['https://', 'EBPM_SPEC_INVALID', 'not a sound URL'],
    ['Sigsnoop', 'EBPM_NAME_INVALID', '"Sigsnoop"'],
    ['@acme', 'EBPM_NAME_INVALID', '"@acme"'],
    ['@acme/', 'EBPM_NAME_INVALID', '"@acme/"'],
    ['--json', 'EBPM_NAME_INVALID', '"--json"'],
  ])('parseSpec() refuses %j', (text, code, message) => {
    expect(() => parseSpec(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});
