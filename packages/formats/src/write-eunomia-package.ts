import type { PackageFile, PackageFileMeta } from '@ebpm/schemas';
import { encodeBase64 } from './base64.js';
import { deflate } from './deflate.js';

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
