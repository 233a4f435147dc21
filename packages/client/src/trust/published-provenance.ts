import { type Digest, EbpmError, isSignedBundle, openBundle, provenanceOf, publisherKeyId } from '@ebpm/formats';
import type { ApiVersion } from '@ebpm/schemas';
import type { PublisherSignature } from './publisher-signature.js';

/** How a publisher says that a version was built. Each is undefined where he does not say it. */
export interface PublishedProvenance {
  /** Where the source is from: `git+https://github.com/acme/tool@refs/tags/v1`. */
  readonly source: string | undefined;
  /** The git commit. */
  readonly commit: string | undefined;
  /** The CI that built it, as a URI. */
  readonly builder: string | undefined;
  /** The job, as a URL. */
  readonly invocation: string | undefined;
}

/**
 * What the publisher has signed of how a version was built; undefined where he has signed nothing of it. It is his word.
 * @param signature that of the version, which was verified
 * @throws EBPM_SIGNATURE_INVALID, EBPM_STATEMENT_INVALID
 */
export function publishedProvenance(
  { name, version, digest, bundles = [] }: ApiVersion,
  signature: PublisherSignature,
): PublishedProvenance | undefined {
  const [, second] = bundles;
  if (second === undefined) return undefined;
  const bundle = openBundle(second);
  if (bundle.keyId !== publisherKeyId(signature.key) || !isSignedBundle(bundle, signature.key)) {
    throw new EbpmError(
      'EBPM_SIGNATURE_INVALID',
      `Cannot trust what is said of how "${name}@${version}" was built: its publisher has not signed it`,
    );
  }
  const { buildDefinition, runDetails } = provenanceOf(bundle, { name, version, digest: digest as Digest });
  const [dependency] = listIn(buildDefinition, 'resolvedDependencies');
  return {
    source: textIn(dependency, 'uri'),
    commit: textIn(fieldIn(dependency, 'digest'), 'gitCommit'),
    builder: textIn(fieldIn(runDetails, 'builder'), 'id'),
    invocation: textIn(fieldIn(runDetails, 'metadata'), 'invocationId'),
  };
}

function fieldIn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldIn(value, key);
  return Array.isArray(list) ? list : [];
}

function textIn(value: unknown, key: string): string | undefined {
  const text = fieldIn(value, key);
  return typeof text === 'string' && text !== '' ? text : undefined;
}
