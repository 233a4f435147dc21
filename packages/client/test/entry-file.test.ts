import { readEunomiaPackage } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { entryFile } from '../src/entry-file.js';
import { refused } from './refused.js';
import { tinyPackage } from './tiny-package.js';

const TINY = tinyPackage();
const OBJECT = readEunomiaPackage(TINY).object;
const { meta } = JSON.parse(Buffer.from(TINY).toString());
const SKEL = Buffer.from(JSON.stringify(meta));
const SEED = Buffer.from(
  JSON.stringify({
    name: 'tiny',
    data: Buffer.from(OBJECT).toString('base64'),
    data_sz: OBJECT.length,
    maps: [],
    progs: [],
  }),
);

describe('entryFile()', () => {
  test.each([
    ['a package.json', TINY, '@acme/tiny', 'package.json'],
    ["a package.json of eunomia-bpf's first releases", SEED, 'tiny', 'package.json'],
    ['an object', OBJECT, '@acme/tiny', 'tiny.bpf.o'],
  ])('entryFile() leaves %s as it is', (_what, bytes, name, path) => {
    expect(entryFile({ bytes, source: 'x' }, name)).toEqual({ path, bytes });
  });

  test('entryFile() makes one package.json of metadata and its object', () => {
    const { path, bytes } = entryFile({ bytes: SKEL, source: 'x.skel.json', object: OBJECT }, 'tiny');
    expect(path).toBe('package.json');
    expect(readEunomiaPackage(bytes)).toEqual({ object: OBJECT, meta });
  });

  test('entryFile() refuses metadata without its object, and what cannot be loaded anywhere', () => {
    const entry = (bytes: Uint8Array) => () => entryFile({ bytes, source: 'x' }, 'tiny');
    expect(entry(SKEL)).toThrow(refused('EBPM_PACKAGE_UNSUPPORTED', 'x') as Error);
    expect(entry(OBJECT.subarray(0, 100))).toThrow(refused('EBPM_ELF_INVALID') as Error);
    expect(entry(module())).toThrow(refused('EBPM_PACKAGE_INVALID') as Error);
    expect(entry(module('_start').subarray(0, 20))).toThrow(refused('EBPM_PACKAGE_INVALID') as Error);
    expect(entry(Buffer.concat([module('_start'), dataSection(OBJECT.subarray(0, 100))]))).toThrow(
      refused('EBPM_ELF_INVALID') as Error,
    );
  });

  test('entryFile() leaves a WASM module that can be started as it is', () => {
    for (const start of ['_start', 'bpf_main']) {
      const bytes = module(start);
      expect(entryFile({ bytes, source: 'x' }, 'tiny')).toEqual({ path: 'app.wasm', bytes });
    }
  });
});

/** A module with a memory, and one function that does nothing, where it is exported. */
function module(start?: string): Buffer {
  const name = Buffer.from(start ?? '');
  const exports = start === undefined ? [] : [7, 4 + name.length, 1, name.length, ...name, 0, 0];
  return Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0],
    ...[3, 2, 1, 0],
    ...[5, 3, 1, 0, 1],
    ...exports,
    ...[10, 4, 1, 2, 0, 0x0b],
  ]);
}

/** Fewer than 128 bytes at the start of the memory. */
function dataSection(bytes: Uint8Array): Buffer {
  return Buffer.from([11, bytes.length + 6, 1, 0, 0x41, 0, 0x0b, bytes.length, ...bytes]);
}
