import { statSync } from 'node:fs';
import type { Policy, PolicyPlace } from '@ebpm/client';
import type { Environment } from '../context.js';
import { trustedOwners } from './trusted-owners.js';

/** The machine's policy. No variable names another: whoever may use sudo could otherwise choose it. */
const SYSTEM_POLICY = '/etc/ebpm/policy.json';

/** That of the project in the folder that ebpm is called in. */
const PROJECT_POLICY = 'ebpm.policy.json';

/** The policies that hold here; none on most machines, where reading them is not even loaded. @throws EBPM_POLICY_UNUSABLE */
export async function policiesHere(env: Environment): Promise<readonly Policy[]> {
  const places: readonly PolicyPlace[] = [
    { path: SYSTEM_POLICY, isSystem: true, owners: [0] },
    { path: PROJECT_POLICY, isSystem: false, owners: trustedOwners(env) },
  ];
  const there = places.filter(({ path }) => isThere(path));
  if (there.length === 0) return [];
  const { readPolicies } = await import('./read-policies.js');
  return readPolicies(there);
}

/** What cannot be looked at may be there: reading it says why it cannot be used. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
