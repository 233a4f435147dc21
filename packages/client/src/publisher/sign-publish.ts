import {
  digestOf,
  EbpmError,
  provenanceStatement,
  publishStatement,
  type SigstoreBundle,
  signBundle,
} from '@ebpm/formats';
import { MAX_BUNDLES_HEADER_LENGTH } from '../limits.js';
import type { PublisherKey } from './key-files.js';

/** A version that its publisher signs. */
export interface SignRequest {
  readonly name: string;
  readonly version: string;
  /** The canonical tar. */
  readonly archive: Uint8Array;
  /** How it was built, as SLSA v1 says it. */
  readonly provenance?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Signs that a version is one's own, and how it was built.
 * @throws EBPM_STATEMENT_INVALID when more is said of the build than an answer can carry
 */
export function signPublish(
  { name, version, archive, provenance }: SignRequest,
  key: PublisherKey,
): readonly SigstoreBundle[] {
  const subject = { name, version, digest: digestOf(archive) };
  const statements = [publishStatement(subject), ...(provenance ? [provenanceStatement(subject, provenance)] : [])];
  const bundles = statements.map((statement) => signBundle(statement, key.privateKey));
  if (bundlesHeader(bundles).length <= MAX_BUNDLES_HEADER_LENGTH) return bundles;
  throw new EbpmError(
    'EBPM_STATEMENT_INVALID',
    `Cannot sign "${name}@${version}": what is said of its build is too long`,
  );
}

/** Bundles as the header `ebpm-bundles` carries them. */
export function bundlesHeader(bundles: readonly SigstoreBundle[]): string {
  return Buffer.from(JSON.stringify(bundles)).toString('base64');
}
