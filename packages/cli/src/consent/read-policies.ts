import { type Policy, type PolicyPlace, readPolicy } from '@ebpm/client';

/** Reads policies. @throws EBPM_POLICY_UNUSABLE */
export async function readPolicies(places: readonly PolicyPlace[]): Promise<readonly Policy[]> {
  const found = await Promise.all(places.map(readPolicy));
  return found.filter((policy) => policy !== undefined);
}
