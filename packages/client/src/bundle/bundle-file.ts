import type { Digest } from '@ebpm/formats';
import { digestHex, EbpmError } from '@ebpm/formats';

/**
 * A bundle is one canonical tar, larger than a package may be:
 *
 *   bundle.json            schemas/bundle.schema.json: what registries say of the archives
 *   sha256/<64 hex>.tar    the archives, by their digests
 *
 * The names are such that the index comes first.
 */
export const BUNDLE_INDEX = 'bundle.json';

/** The path of an archive in a bundle. */
export function bundledArchive(digest: Digest): string {
  return `sha256/${digestHex(digest)}.tar`;
}

/** What is not a bundle, or one that was changed. */
export function bundleInvalid(path: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_BUNDLE_INVALID', `Cannot load "${path}": ${reason}`, {
    cause,
    hint: 'Make it again where there is a network: ebpm bundle save',
  });
}
