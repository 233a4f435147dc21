import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { readEunomiaPackage } from '@ebpm/formats';
import { compileFixture } from '../support/compile-fixture.js';

/** Deeper than any parser that calls itself would get. */
const DEPTH = 100_000;

/**
 * Writes files that are no sound packages into a folder, made from one that is; each is named after what is wrong with it.
 */
export function writeBadPackages(folder: string, soundPath: string): void {
  const sound = JSON.parse(readFileSync(soundPath, 'utf8'));
  const { object } = readEunomiaPackage(readFileSync(soundPath));
  const withObject = (elf: Uint8Array) => ({
    ...sound,
    bpf_object: deflateSync(elf).toString('base64'),
    bpf_object_size: elf.length,
  });
  const size: number = sound.bpf_object_size;
  const base64: string = sound.bpf_object;
  const packages = {
    'truncated-elf': withObject(object.subarray(0, object.length / 2)),
    'elf-header-only': withObject(object.subarray(0, 40)),
    'no-elf': withObject(Buffer.from('#!/bin/sh\n')),
    'no-btf': withObject(withoutBtf(folder, object)),
    'size-too-small': { ...sound, bpf_object_size: size - 1 },
    'size-too-large': { ...sound, bpf_object_size: size + 1 },
    'size-of-10-gb': { ...sound, bpf_object_size: 10_000_000_000 },
    'bad-base64': { ...sound, bpf_object: base64.replace(/./, '*') },
    'base64-not-padded': { ...sound, bpf_object: `${base64.replace(/=+$/, '')}A` },
    'bad-zlib': { ...sound, bpf_object: Buffer.from('no zlib data'.repeat(100)).toString('base64') },
    'no-meta': { ...sound, meta: undefined },
    'answer-404.json': { code: 'EBPM_PACKAGE_NOT_FOUND', message: 'Cannot find "x"' },
    'no-target': {
      ...withObject(compileFixture(new URL('fixtures/no-target.bpf.c', import.meta.url))),
      meta: { bpf_skel: { obj_name: 'none_bpf', maps: null, progs: null, data_sections: [] } },
    },
  };
  for (const [name, value] of Object.entries(packages)) writeFileSync(join(folder, name), JSON.stringify(value));
  writeFileSync(join(folder, 'nested'), `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`);
  writeFileSync(
    join(folder, 'nested-meta'),
    `{"bpf_object":"","bpf_object_size":0,"meta":${'{"x":'.repeat(DEPTH)}1${'}'.repeat(DEPTH + 1)}`,
  );
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'answer-404.html'), '<!doctype html><title>404</title><h1>Not Found</h1>\n');
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
}

function withoutBtf(folder: string, object: Uint8Array): Uint8Array {
  const path = join(folder, 'no-btf.o');
  writeFileSync(path, object);
  execFileSync('llvm-objcopy', ['--remove-section=.BTF', '--remove-section=.BTF.ext', path]);
  return new Uint8Array(readFileSync(path));
}
