import { digestOf, EbpmError, type PackageFacts } from '@ebpm/formats';
import { FACTS_VERSION, factsBytes } from '@ebpm/object';
import type { ApiPackageVersion } from '@ebpm/schemas';

/**
 * Compares what the registry says of the objects in a package with what they do: the same analysis gives the same bytes for the same
 * archive. A registry that has none, or those of another version, says nothing that could be compared: what counts here are the
 * client's own facts.
 *
 * @returns whether there was something to compare
 * @param facts what its objects do
 * @throws EBPM_FACTS_MISMATCH
 */
export function checkFacts(
  what: string,
  { factsVersion, factsDigest }: Pick<ApiPackageVersion, 'factsVersion' | 'factsDigest'>,
  facts: PackageFacts,
): boolean {
  if (factsVersion !== FACTS_VERSION) return false;
  const digest = digestOf(factsBytes(facts));
  if (digest === factsDigest) return true;
  throw new EbpmError(
    'EBPM_FACTS_MISMATCH',
    `Cannot use "${what}": the registry says of it what its programs do not do`,
    {
      hint: 'The registry is damaged or lies; ask whoever runs it',
      data: { factsVersion, digest, ...(factsDigest !== undefined && { registryDigest: factsDigest }) },
    },
  );
}
