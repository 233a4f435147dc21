import { packageNotFound } from '../accounts/rights.js';
import { OPERATOR } from '../fold/principal.js';
import type { Registry } from '../registry.js';

/** Whom a package belongs to from now on, or no more. */
export interface OwnerWish {
  readonly name: string;
  readonly action: 'add' | 'remove';
  /** The name of a user or an organisation; to take a package from somebody who was erased, his id. */
  readonly owner: string;
}

/**
 * Adds or removes an owner, as the operator.
 * @returns the owners that there are now, by name
 * @throws EBPM_PACKAGE_NOT_FOUND, EBPM_USER_NOT_FOUND, EBPM_LAST_OWNER, EBPM_TAKEN_DOWN, EBPM_LOG_RULES_OLD
 */
export async function changeOwner(registry: Registry, { name, action, owner }: OwnerWish): Promise<readonly string[]> {
  const { log, packages, people } = registry;
  const state = packages.package(name);
  if (state === undefined) throw packageNotFound(name);
  const id = action === 'remove' && state.owners.includes(owner) ? owner : await ownerId(registry, owner);
  await log.commit({ type: 'owner', by: OPERATOR, name, action, owner: id });
  const owners = packages.package(name)?.owners ?? [];
  return Promise.all(owners.map(async (one) => (await people.nameOf(one)) ?? one));
}

/** The id of the user or organisation with this name. @throws EBPM_USER_NOT_FOUND */
export async function ownerId({ accounts, accountIndex }: Registry, name: string): Promise<string> {
  return accountIndex.record('organisation-name', name)?.id ?? accounts.userOf(name);
}
