import { JsonTextError, parseJsonText } from './json-text.js';

/**
 * What a package file holds: `eunomia` is a package.json of today's eunomia-bpf (compressed object and metadata), `seed` one of its
 * first releases, `skel` metadata without object, `elf` an object without metadata.
 */
export type PackageKind = 'wasm' | 'tar' | 'elf' | 'eunomia' | 'seed' | 'skel';

/** Tells by content what a package file holds; undefined when it is nothing that ebpm knows. Names of files play no part. */
export function sniffPackage(bytes: Uint8Array): PackageKind | undefined {
  const kind = kindByMagic(bytes);
  if (kind !== undefined || !mayBeJsonObject(bytes)) return kind;
  try {
    return kindOfJson(parseJsonText(bytes));
  } catch (error) {
    if (error instanceof JsonTextError) return undefined;
    throw error;
  }
}

/** The kind of what is not text. */
export function kindByMagic(bytes: Uint8Array): PackageKind | undefined {
  return MAGICS.find(({ at, magic }) => magic.every((byte, index) => bytes[at + index] === byte))?.kind;
}

/** The kind of parsed JSON. */
export function kindOfJson(value: unknown): PackageKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const has = (...keys: readonly string[]) => keys.every((key) => Object.hasOwn(value, key));
  if (has('bpf_object', 'meta')) return 'eunomia';
  if (has('data', 'data_sz', 'maps', 'progs')) return 'seed';
  if (has('bpf_skel') && !has('bpf_object')) return 'skel';
  return undefined;
}

const MAGICS: readonly { readonly kind: PackageKind; readonly at: number; readonly magic: readonly number[] }[] = [
  // https://webassembly.github.io/spec/core/binary/modules.html#binary-module
  { kind: 'wasm', at: 0, magic: [0x00, 0x61, 0x73, 0x6d] },
  // https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html#elfid
  { kind: 'elf', at: 0, magic: [0x7f, 0x45, 0x4c, 0x46] },
  // "ustar" in the header of the first entry: pax(1), "ustar Interchange Format".
  { kind: 'tar', at: 257, magic: [0x75, 0x73, 0x74, 0x61, 0x72] },
];

/** A JSON object begins with "{", after white space and a byte order mark: nothing else is worth parsing. */
function mayBeJsonObject(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte));
  return first === 0x7b;
}
