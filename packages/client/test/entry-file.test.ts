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
    expect(entry(Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).toThrow(refused('EBPM_PACKAGE_UNSUPPORTED') as Error);
  });
});
