import { readFileSync } from 'node:fs';
import { packTar, writeEunomiaPackage } from '@ebpm/formats';
import { readElf } from '@ebpm/object';
import { compileFixture, linkFixture, stripFixture } from '../../packages/object/test/compile-fixture.js';
import { foreignPackages } from '../kernels/foreign-package.js';
import { compileFixture as compileSource } from '../support/compile-fixture.js';

const FIXTURES = ['tracer', 'maps', 'types', 'core', 'stripped'] as const;

/** More objects: with every kind of section name, and with what the reader refuses. */
const SOURCES = [
  'packages/runner/test/fixtures/targets.bpf.c',
  'packages/loader/test/fixtures/events.bpf.c',
  'packages/object/test/fixtures/bad/legacy.bpf.c',
  'packages/object/test/fixtures/bad/static-map.bpf.c',
] as const;

/** eBPF objects as clang, llvm-strip and libbpf's linker write them. */
export function elfSeeds(): readonly Uint8Array[] {
  return [
    ...SOURCES.map((path) => compileSource(new URL(`../../${path}`, import.meta.url))),
    ...FIXTURES.map((name) => compileFixture(name).bytes),
    ...FIXTURES.map((name) => stripFixture(name).bytes),
    ...['tracer', 'maps'].map((name) => linkFixture(name).bytes),
  ];
}

/** The .BTF sections of those. */
export function btfSeeds(): readonly Uint8Array[] {
  return FIXTURES.flatMap((name) => {
    const section = readElf(stripFixture(name).bytes).sections.find((candidate) => candidate.name === '.BTF');
    return section?.bytes === undefined ? [] : [section.bytes];
  });
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
