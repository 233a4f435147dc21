import { type PackageFile, type PackageFileMeta, packageFileKind, validate } from '@ebpm/schemas';
import { decodeBase64, encodeBase64 } from './base64.js';
import { EbpmError } from './ebpm-error.js';
import type { EunomiaMeta } from './eunomia-meta.js';
import { JsonTextError, parseJsonText } from './json-text.js';
import { MAX_OBJECT_BYTES, MAX_PACKAGE_BYTES } from './limits.js';
import { kindByMagic, kindOfJson, type PackageKind } from './package-kind.js';
import { deflate, inflate } from './zlib-data.js';

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
  const file = parseFile(bytes, source);
  return { object: objectOf(file, source), meta: withLists(file.meta) };
}

/**
 * Writes a package: the same text for the same object and metadata (in the same order of keys), on every machine.
 * The metadata is written as it is given.
 */
export function writeEunomiaPackage({
  object,
  meta,
}: {
  readonly object: Uint8Array;
  readonly meta: PackageFileMeta;
}): string {
  const file: PackageFile = { bpf_object: encodeBase64(deflate(object)), bpf_object_size: object.length, meta };
  return `${JSON.stringify(file)}\n`;
}

function parseFile(bytes: Uint8Array, source: string): PackageFile {
  refuseKind(kindByMagic(bytes), source);
  if (bytes.length > MAX_PACKAGE_BYTES) {
    throw new EbpmError(
      'EBPM_PACKAGE_TOO_LARGE',
      `Cannot read "${source}": it is larger than ${MAX_PACKAGE_BYTES} bytes`,
    );
  }
  const value = parseJson(bytes, source);
  refuseKind(kindOfJson(value), source);
  const checked = validate(packageFileKind, value);
  if (checked.ok) return checked.value;
  const sentences = checked.problems.map(({ path, message }) => (path === '' ? `it ${message}` : `${path} ${message}`));
  throw new EbpmError('EBPM_PACKAGE_INVALID', `Cannot read "${source}": ${sentences.join(' or ')}`, {
    hint: 'Build the package again with "ebpm build"',
    data: { source, problems: checked.problems },
  });
}

function parseJson(bytes: Uint8Array, source: string): unknown {
  try {
    return parseJsonText(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw new EbpmError('EBPM_PACKAGE_MALFORMED', `Cannot read "${source}": it is not JSON: ${cause.message}`, {
      cause,
    });
  }
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

function objectOf({ bpf_object: text, bpf_object_size: sizeBytes }: PackageFile, source: string): Uint8Array {
  const where = `Cannot unpack the eBPF object of "${source}"`;
  if (sizeBytes > MAX_OBJECT_BYTES) {
    throw new EbpmError('EBPM_PACKAGE_TOO_LARGE', `${where}: ${sizeBytes} bytes are more than ${MAX_OBJECT_BYTES}`);
  }
  const packed = decodeBase64(text);
  if (packed === undefined) throw new EbpmError('EBPM_PACKAGE_BASE64', `${where}: bpf_object is not padded base64`);
  const inflated = inflate(packed, sizeBytes);
  if (inflated.ok) return inflated.bytes;
  if (inflated.reason === 'damaged') {
    throw new EbpmError('EBPM_PACKAGE_COMPRESSION', `${where}: bpf_object is not sound zlib data`, {
      cause: inflated.cause,
    });
  }
  throw new EbpmError(
    'EBPM_PACKAGE_SIZE_MISMATCH',
    `${where}: it is ${inflated.reason === 'too long' ? 'longer' : 'shorter'} than bpf_object_size, ${sizeBytes} bytes`,
  );
}

function withLists(meta: PackageFileMeta): EunomiaMeta {
  const { bpf_skel: skel, export_types: exportTypes } = meta;
  return {
    ...meta,
    bpf_skel: { ...skel, maps: skel.maps ?? [], progs: skel.progs ?? [] },
    export_types: exportTypes ?? [],
  };
}
