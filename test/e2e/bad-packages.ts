import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { readEunomiaPackage } from '@ebpm/formats';
import { foreignInputs } from '../kernels/foreign-inputs.js';
import { compileFixture } from '../support/compile-fixture.js';
import { compileSource } from '../support/compile-source.js';

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
  writeForeignShapes(folder);
  writeFileSync(join(folder, 'answer-404.html'), '<!doctype html><title>404</title><h1>Not Found</h1>\n');
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
}

/** What is no package.json, and looks like one of the other things that are read. */
function writeForeignShapes(folder: string): void {
  const { seed, skel, object, tar } = foreignInputs();
  const archive = tar({});
  const wasm = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  const flags = ['--target=bpfeb', '-O2', '-x', 'c', '-c', '-', '-o'];
  execFileSync('clang', [...flags, join(folder, 'big-endian.o')], { input: 'int f(void) { return 0; }' });
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'app.wasm': wasm,
    'alone.skel.json': skel,
    'strange.skel.json': skel.replace('"on_kill"', '"on_exec"'),
    'strange.bpf.o': object,
    'cut.bpf.o': object.subarray(0, object.length / 2),
    'executable.o': Buffer.concat([
      Buffer.from('7f454c4602010100', 'hex'),
      new Uint8Array(10),
      Buffer.from('3e00', 'hex'),
      new Uint8Array(44),
    ]),
    'cut.tar': archive.subarray(0, 3000),
    'damaged.tar': Buffer.concat([Buffer.from('x'), archive.subarray(1)]),
    'seed-cut.json': seed.replace(/"data_sz": \d+/, '"data_sz": 5'),
    'seed-bad.json': seed.replace('"data": "f0VM', '"data": "f0V*'),
    'package.yaml': 'bpf_object: eJx\nbpf_object_size: 3\n',
    'source.bpf.c': '// SPDX-License-Identifier: MIT\n#include <linux/bpf.h>\n',
    'packed.gz': Uint8Array.of(0x1f, 0x8b, 0x08, 0x00),
    'twins.bpf.o': compileSource(`
      struct event { int pid; char comm[16]; } *a;
      struct twin { int x[5]; } *b;
      struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
      SEC("tracepoint/syscalls/sys_enter_kill") int handle(void *ctx)
      { void *e = bpf_ringbuf_reserve(&events, 20, 0); if (e) bpf_ringbuf_submit(e, 0); return 0; }`),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

function withoutBtf(folder: string, object: Uint8Array): Uint8Array {
  const path = join(folder, 'no-btf.o');
  writeFileSync(path, object);
  execFileSync('llvm-objcopy', ['--remove-section=.BTF', '--remove-section=.BTF.ext', path]);
  return new Uint8Array(readFileSync(path));
}
