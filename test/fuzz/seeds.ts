import { readFileSync } from 'node:fs';
import { packTar, writeEunomiaPackage } from '@ebpm/formats';
import { readElf } from '@ebpm/object';
import { askWhetherTypesMatch } from '../../packages/object/test/ask-whether-types-match.js';
import { compileFixture, linkFixture, stripFixture } from '../../packages/object/test/compile-fixture.js';
import { wasmModule } from '../../packages/object/test/wasm-module.js';
import { foreignInputs } from '../kernels/foreign-inputs.js';
import { foreignPackages } from '../kernels/foreign-package.js';
import { compileFixture as compileSource } from '../support/compile-fixture.js';
import { wasmModule as moduleOf } from '../support/wasm-module.js';

const FIXTURES = ['tracer', 'maps', 'types', 'core', 'stripped'] as const;

/** More objects: with every kind of section name, and with what the reader refuses. */
const SOURCES = [
  'test/fuzz/fixtures/sections.bpf.c',
  'packages/loader/test/fixtures/events.bpf.c',
  'test/kernels/program-types/congestion.bpf.c',
  'packages/object/test/fixtures/outputs.bpf.c',
  'packages/object/test/fixtures/bad/legacy.bpf.c',
  'packages/object/test/fixtures/bad/static-map.bpf.c',
] as const;

/** eBPF objects as clang, llvm-strip and libbpf's linker write them. */
export function elfSeeds(): readonly Uint8Array[] {
  return [
    ...SOURCES.map((path) => compileSource(new URL(`../../${path}`, import.meta.url))),
    bigEndian(stripFixture('maps').bytes),
    ...FIXTURES.map((name) => compileFixture(name).bytes),
    ...FIXTURES.map((name) => stripFixture(name).bytes),
    ...['tracer', 'maps'].map((name) => linkFixture(name).bytes),
  ];
}

/** Objects with more code: calls, callbacks, tail calls, settings, packets. */
export function codeSeeds(): readonly Uint8Array[] {
  const read = compileSource(new URL('fixtures/code.bpf.c', import.meta.url));
  return [read, compileFixture('outputs').bytes, stripFixture('tracer').bytes];
}

/** Objects with relocations of every kind, the second one with questions that only newer compilers ask. */
export function relocationSeeds(): readonly Uint8Array[] {
  const object = compileSource(new URL('fixtures/relocations.bpf.c', import.meta.url));
  return [object, askWhetherTypesMatch(object)];
}

/** WASM modules that carry objects, as they are and in a package.json. */
export function wasmSeeds(): readonly Uint8Array[] {
  const [text = new Uint8Array()] = packageSeeds();
  const tracer = stripFixture('tracer').bytes;
  return [
    wasmModule([{ address: 1024, bytes: tracer }, { bytes: stripFixture('maps').bytes }]),
    wasmModule([{ address: 64, bytes: Uint8Array.from([0, ...text, 0]) }]),
  ];
}

/** Modules that import what hosts have, one of them a table, a global and a tag besides, and export what is started. */
export function importSeeds(): readonly Uint8Array[] {
  const exit = { module: 'wasi_snapshot_preview1', name: 'proc_exit', type: 0 };
  const load = { module: 'wasm_bpf', name: 'wasm_load_bpf_object', type: 1 };
  const run = { type: 2, code: [0] };
  const types = ['i:', 'ii:I', ':'];
  const others = [
    [0x74, 1, 0x70, 1, 1, 2],
    [0x67, 3, 0x7e, 0],
    [0x78, 4, 0, 0],
  ];
  return [
    moduleOf({
      types,
      imports: [exit, load],
      functions: [run],
      memory: { pages: 1 },
      exports: { _start: 2, memory: 'memory' },
    }),
    moduleOf({ types, imports: [exit], functions: [run], exports: { bpf_main: 1 } }),
    Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0],
      ...[2, 1 + others.flat().length + 3 * others.length, others.length],
      ...others.flatMap(([letter = 0, ...rest]) => [1, 0x65, 1, letter, ...rest]),
    ]),
  ];
}

/** What a compiler for s390x would begin its object with. */
function bigEndian(object: Uint8Array): Uint8Array {
  const bytes = object.slice();
  bytes[5] = 2;
  bytes.set(object.subarray(18, 20).toReversed(), 18);
  return bytes;
}

/** The .BTF sections of those that have one. */
export function btfSeeds(): readonly Uint8Array[] {
  return FIXTURES.filter((name) => name !== 'stripped').map((name) => btfOf(stripFixture(name).bytes));
}

/** What stands for a kernel's BTF: types that the objects of `relocationSeeds` ask for, some of them as they are there. */
export function kernelBtfSeeds(): readonly Uint8Array[] {
  const [object = new Uint8Array()] = relocationSeeds();
  const kernel = compileSource(new URL('fixtures/kernel.bpf.c', import.meta.url));
  return [kernel, object, stripFixture('core').bytes].map(btfOf);
}

function btfOf(object: Uint8Array): Uint8Array {
  const bytes = readElf(object).sections.find(({ name }) => name === '.BTF')?.bytes;
  if (bytes === undefined) throw new Error('a seed has no BTF');
  return bytes;
}

/** Packages of eunomia-bpf's format, from our compiler and from elsewhere. */
export function packageSeeds(): readonly Uint8Array[] {
  const { full, bare } = foreignPackages();
  const meta = {
    bpf_skel: { obj_name: 'maps_bpf', maps: [], progs: [], data_sections: [] },
    export_types: [],
  };
  const written = writeEunomiaPackage({ object: stripFixture('maps').bytes, meta });
  return [full, bare, written].map((text) => new TextEncoder().encode(text));
}

/** Packages of eunomia-bpf's earlier releases, and metadata alone. */
export function oldPackageSeeds(): readonly Uint8Array[] {
  const { seed, mid, skel } = foreignInputs();
  return [seed, mid, skel].map((text) => new TextEncoder().encode(text));
}

/** Archives with the BTF of kernels, in the formats of several tars; one has a name that needs an entry of its own. */
export function btfArchiveSeeds(): readonly Uint8Array[] {
  const { tar } = foreignInputs();
  const [btf = new Uint8Array()] = btfSeeds();
  const long = `${'long'.repeat(30)}.btf`;
  return (['gnu', 'ustar', 'pax'] as const).map((format) =>
    tar({ 'debian/12/x86_64/6.1.0.btf': btf, [format === 'ustar' ? 'short.btf' : long]: new Uint8Array(3) }, format),
  );
}

/** Manifests of the examples. */
export function manifestSeeds(): readonly Uint8Array[] {
  return ['sigsnoop', 'opensnoop', 'bootstrap', 'unlinks'].map(
    (name) => new Uint8Array(readFileSync(new URL(`../../examples/${name}/ebpm.json`, import.meta.url))),
  );
}

/** Archives of packages: small, with folders, with names in UTF-8. */
export function tarSeeds(): readonly Uint8Array[] {
  const [manifest = new Uint8Array()] = manifestSeeds();
  const file = (path: string, bytes: Uint8Array) => ({ path, bytes });
  return [
    packTar([file('ebpm.json', manifest), file('package.json', new Uint8Array(700).fill(0x20))]),
    packTar([file('ebpm.json', manifest), file('include/a/b.h', new Uint8Array(1)), file('ä/ö.md', new Uint8Array())]),
    packTar([file('README.md', new Uint8Array(512))]),
  ];
}
