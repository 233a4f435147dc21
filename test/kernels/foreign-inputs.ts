import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { compileFixture } from '../support/compile-fixture.js';
import { foreignPackages } from './foreign-package.js';

/** One program in every form in which others hand programs out; clang, zlib and tar made them. */
export interface ForeignInputs {
  /** Of the first releases of eunomia-bpf: base64 in lines, sizes in bits, no trace of the event in BTF. */
  readonly seed: string;
  /** Of early 2023: what is not said means other things. */
  readonly mid: string;
  /** Metadata alone, and the object that belongs to it. */
  readonly skel: string;
  readonly object: Uint8Array;
  /** The program in another form, which needs the kernel's BTF; its events are the same. */
  readonly core: Uint8Array;
  /** The package of `core` and BTF of kernels, by their path in the archive. */
  readonly tar: (btfs: Readonly<Record<string, Uint8Array>>, format?: 'gnu' | 'ustar' | 'pax') => Uint8Array;
}

export function foreignInputs(): ForeignInputs {
  const { full } = foreignPackages();
  const core = compileFixture(new URL('fixtures/core-kill.bpf.c', import.meta.url));
  const { meta } = JSON.parse(full);
  const object = compileFixture(new URL('fixtures/foreign.bpf.c', import.meta.url));
  return {
    seed: JSON.stringify(seedPackage(), null, 4),
    mid: JSON.stringify(midPackage(object, meta)),
    skel: JSON.stringify(meta, null, 2),
    object,
    core,
    tar: (btfs, format = 'gnu') =>
      archive({ 'package.json': Buffer.from(corePackage(core)), core_kill: core, ...archived(btfs) }, format),
  };
}

/** As the compiler of October 2022 wrote it; keys that only its index reads are left out. */
function seedPackage() {
  const object = compileFixture(new URL('fixtures/seed.bpf.c', import.meta.url));
  const field = (Name: string, Type: string, FieldOffset: number, LLVMType: string) => ({
    FieldOffset,
    LLVMType,
    Name,
    Type,
  });
  return {
    data: Buffer.from(object).toString('base64').replace(/.{72}/g, '$&\n').concat('\n'),
    data_sz: object.length,
    description: 'Made by the first compiler',
    maps: [
      {
        export_data_types: {
          Alignment: 64,
          DataSize: 320,
          Fields: [
            field('pid', 'int', 0, 'i32'),
            field('tpid', 'int', 32, 'i32'),
            field('sig', 'int', 64, 'i32'),
            field('comm', 'char [16]', 96, '[16 x i8]'),
            field('both', 'unsigned long long', 256, 'i64'),
          ],
          Size: 320,
          'Struct Name': 'event',
        },
        name: 'events',
        type: 'BPF_MAP_TYPE_RINGBUF',
      },
      {
        name: 'client_b.rodata',
        sec_data: [
          { name: 'verbose_names', size: 1, type: 'bool' },
          { name: 'only_pid', size: 4, type: 'int' },
          { name: 'only_sig', size: 8, type: 'unsigned long long' },
        ],
        type: 'BPF_MAP_TYPE_UNSPEC',
      },
    ],
    name: 'killsnoop',
    progs: [{ name: 'on_kill', type: 'BPF_PROG_TYPE_UNSPEC' }],
    // Only the signal 10, and a variable that is long gone.
    runtime_args: { only_sig: 10, gone: 1 },
  };
}

function midPackage(object: Uint8Array, meta: Readonly<Record<string, unknown>>) {
  const { eunomia_version: _, print_header: __, ...old } = meta;
  return { bpf_object: deflateSync(object).toString('base64'), bpf_object_size: object.length, meta: old };
}

function corePackage(core: Uint8Array): string {
  const skel = {
    obj_name: 'core_kill_bpf',
    maps: [{ name: 'events', ident: 'events' }],
    progs: [{ name: 'on_kill', attach: 'tracepoint/syscalls/sys_enter_kill', link: true }],
    data_sections: [{ name: '.rodata', variables: [{ name: 'only_pid', type: 'int' }] }],
  };
  return JSON.stringify({
    bpf_object: deflateSync(core).toString('base64'),
    bpf_object_size: core.length,
    meta: { bpf_skel: skel, eunomia_version: '0.3.4' },
  });
}

function archived(btfs: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(btfs).map(([path, bytes]) => [`btfhub-archive/${path}`, bytes]));
}

function archive(files: Readonly<Record<string, Uint8Array>>, format: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-tar-'));
  try {
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'in', path)), { recursive: true });
      writeFileSync(join(folder, 'in', path), bytes);
    }
    execFileSync('tar', [`--format=${format}`, '-cf', join(folder, 'out.tar'), '-C', join(folder, 'in'), '.']);
    return new Uint8Array(readFileSync(join(folder, 'out.tar')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
