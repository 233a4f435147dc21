import { type PackageFileMeta, type SeedPackage, seedPackageKind } from '@ebpm/schemas';
import { archiveEntries } from './archive-entries.js';
import { EbpmError } from './ebpm-error.js';
import type { EunomiaMeta } from './eunomia-meta.js';
import { unpackedPackage, withLists } from './eunomia-package.js';
import { MAX_OBJECT_BYTES } from './limits.js';
import { checkedAs, checkedPackage, packageJson } from './package-json.js';
import { kindByMagic, kindOfJson } from './package-kind.js';
import { plainObject } from './package-object.js';

/** What a file holds that can be run. */
export type PackageContent =
  /** A package.json of eunomia-bpf since early 2023, or of ebpm. */
  | { readonly kind: 'eunomia'; readonly object: Uint8Array; readonly meta: EunomiaMeta }
  /** A package.json of eunomia-bpf's first releases. */
  | { readonly kind: 'seed'; readonly object: Uint8Array; readonly seed: SeedPackage }
  /** Metadata alone: the object lies elsewhere. */
  | { readonly kind: 'skel'; readonly meta: EunomiaMeta }
  /** An object alone. */
  | { readonly kind: 'elf'; readonly object: Uint8Array }
  /** A package with the BTF of kernels that have none: `<ID>/<VERSION_ID>/<machine>/<release>.btf` to its bytes. */
  | {
      readonly kind: 'tar';
      readonly object: Uint8Array;
      readonly meta: EunomiaMeta;
      readonly kernelBtfs: ReadonlyMap<string, Uint8Array>;
    };

/**
 * Reads whatever can be run, told apart by what is in it: its name plays no part. `source` names it in errors.
 * @throws EBPM_PACKAGE_UNSUPPORTED, EBPM_PACKAGE_TOO_LARGE, EBPM_PACKAGE_MALFORMED, EBPM_PACKAGE_INVALID, EBPM_PACKAGE_BASE64,
 *   EBPM_PACKAGE_COMPRESSION, EBPM_PACKAGE_SIZE_MISMATCH, EBPM_ARCHIVE_TOO_LARGE, EBPM_ARCHIVE_MALFORMED, EBPM_ARCHIVE_TRUNCATED
 */
export function readPackageContent(bytes: Uint8Array, source: string): PackageContent {
  switch (kindByMagic(bytes)) {
    case 'elf':
      return elfContent(bytes, source);
    case 'tar':
      return tarContent(bytes, source);
    case 'wasm':
      throw new EbpmError(
        'EBPM_PACKAGE_UNSUPPORTED',
        `Cannot run "${source}": it is a WASM module, which this version of ebpm cannot run`,
        { hint: 'Run the package.json or the .bpf.o that it was made with', data: { source, kind: 'wasm' } },
      );
    default:
      return jsonContent(bytes, source);
  }
}

function elfContent(bytes: Uint8Array, source: string): PackageContent {
  if (bytes.length <= MAX_OBJECT_BYTES) return { kind: 'elf', object: bytes };
  throw new EbpmError(
    'EBPM_PACKAGE_TOO_LARGE',
    `Cannot read "${source}": ${bytes.length} bytes are more than ${MAX_OBJECT_BYTES}`,
    { hint: `Type: llvm-strip -g ${source}` },
  );
}

function jsonContent(bytes: Uint8Array, source: string): PackageContent {
  const value = packageJson(bytes, source);
  switch (kindOfJson(value)) {
    case 'seed': {
      const seed = checkedAs(seedPackageKind, value, source);
      return { kind: 'seed', object: plainObject(seed.data, seed.data_sz, source), seed };
    }
    case 'skel':
      return { kind: 'skel', meta: withLists(checkedMeta(value, source)) };
    default:
      return { kind: 'eunomia', ...unpackedPackage(checkedPackage(value, source), source) };
  }
}

/** The schema is that of a package, whose metadata this is. */
function checkedMeta(value: unknown, source: string): PackageFileMeta {
  return checkedPackage({ bpf_object: '', bpf_object_size: 0, meta: value }, source).meta;
}

/** Where the archives of eunomia-bpf's compiler keep the kernels' BTF. */
const BTF_FOLDER = 'btfhub-archive/';

/** The files of the archive that count; the object that lies beside them is in the package too. */
function tarContent(bytes: Uint8Array, source: string): PackageContent {
  const entries = archiveEntries(bytes);
  const file = entries.findLast(({ name }) => name === 'package.json');
  if (file === undefined) {
    throw new EbpmError('EBPM_PACKAGE_INVALID', `Cannot read "${source}": the archive has no "package.json"`, {
      hint: 'An archive with kernel BTF has package.json and btfhub-archive/; "ecc --btfgen" makes it',
    });
  }
  const content = jsonContent(file.bytes, `package.json" in "${source}`);
  if (content.kind !== 'eunomia') {
    throw new EbpmError(
      'EBPM_PACKAGE_INVALID',
      `Cannot read "${source}": the "package.json" in it holds no eBPF object of today's format`,
    );
  }
  const btfs = entries.filter(({ name }) => name.startsWith(BTF_FOLDER) && name.endsWith('.btf'));
  return {
    ...content,
    kind: 'tar',
    kernelBtfs: new Map(btfs.map(({ name, bytes: btf }) => [name.slice(BTF_FOLDER.length), btf])),
  };
}
