import type { PackageFile, PackageFileMeta } from '@ebpm/schemas';
import { EbpmError } from './ebpm-error.js';
import type { EunomiaMeta } from './eunomia-meta.js';
import { checkedPackage, packageJson } from './package-json.js';
import { kindByMagic, kindOfJson, type PackageKind } from './package-kind.js';
import { compressedObject } from './package-object.js';

/** A package of eunomia-bpf's format: an eBPF object and what a loader must know beside it. */
export interface EunomiaPackage {
  /** The ELF object. Not looked into here. */
  readonly object: Uint8Array;
  readonly meta: EunomiaMeta;
}

/**
 * Reads a package.json of at most 20 MiB whose object has at most 32 MiB. `source` names it in errors, default `package.json`.
 * @throws EBPM_PACKAGE_UNSUPPORTED, EBPM_PACKAGE_TOO_LARGE, EBPM_PACKAGE_MALFORMED, EBPM_PACKAGE_INVALID, EBPM_PACKAGE_BASE64,
 *   EBPM_PACKAGE_COMPRESSION, EBPM_PACKAGE_SIZE_MISMATCH
 */
export function readEunomiaPackage(bytes: Uint8Array, source = 'package.json'): EunomiaPackage {
  return unpackedPackage(parseFile(bytes, source), source);
}

/** What a package file says, with its object unpacked. @throws the codes of `compressedObject` */
export function unpackedPackage(file: PackageFile, source: string): EunomiaPackage {
  return {
    object: compressedObject(file.bpf_object, file.bpf_object_size, source),
    meta: withLists(file.meta),
  };
}

function parseFile(bytes: Uint8Array, source: string): PackageFile {
  refuseKind(kindByMagic(bytes), source);
  const value = packageJson(bytes, source);
  refuseKind(kindOfJson(value), source);
  return checkedPackage(value, source);
}

const KIND_WORDS: Readonly<Record<PackageKind, string>> = {
  wasm: 'a WASM module',
  tar: 'a tar archive',
  elf: 'a bare eBPF object without metadata',
  eunomia: 'a package of eunomia-bpf',
  seed: "a package of eunomia-bpf's first releases",
  skel: 'metadata without an eBPF object',
};

function refuseKind(kind: PackageKind | undefined, source: string): void {
  if (kind === undefined || kind === 'eunomia') return;
  throw new EbpmError(
    'EBPM_PACKAGE_UNSUPPORTED',
    `Cannot read "${source}": it is ${KIND_WORDS[kind]}, wanted a package.json`,
    {
      hint: 'Build a package from the C source with "ebpm build"',
      data: { source, kind },
    },
  );
}

/** Metadata with lists where the file may have null or nothing. */
export function withLists(meta: PackageFileMeta): EunomiaMeta {
  const { bpf_skel: skel, export_types: exportTypes } = meta;
  return {
    ...meta,
    bpf_skel: { ...skel, maps: skel.maps ?? [], progs: skel.progs ?? [] },
    export_types: exportTypes ?? [],
  };
}
