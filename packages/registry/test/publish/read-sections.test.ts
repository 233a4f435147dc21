import { packageFacts } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../object/test/compile-fixture.js';
import { readSections } from '../../src/publish/read-sections.js';

const MANIFEST = { manifest: 1, name: 'x', version: '1.0.0' } as const;
const object = { path: 'tracer.bpf.o', bytes: compileFixture('tracer').bytes };

describe('readSections()', () => {
  it('gives the names of sections as libbpf knows them, without their targets', () => {
    expect(readSections({ ...MANIFEST, entry: 'tracer.bpf.o' }, packageFacts([object]))).toEqual([
      'kprobe',
      'tracepoint',
    ]);
  });

  it('reads every variant, and no file that is no entry', () => {
    const entry = [{ file: 'a.o', when: { arch: 'riscv64' } }, { file: 'tracer.bpf.o' }];
    expect(readSections({ ...MANIFEST, entry }, packageFacts([object]))).toEqual(['kprobe', 'tracepoint']);
    expect(readSections(MANIFEST, packageFacts([object]))).toEqual([]);
  });

  it('gives nothing for what it cannot read', () => {
    const cut = { path: 'package.json', bytes: object.bytes.subarray(0, 500) };
    expect(readSections(MANIFEST, packageFacts([cut]))).toEqual([]);
    expect(readSections(MANIFEST, packageFacts([{ path: 'package.json', bytes: Buffer.from('hello') }]))).toEqual([]);
  });
});
