import { EbpmError, parseVersion } from '@ebpm/formats';
import { packageNotFound } from '../accounts/rights.js';
import { OPERATOR } from '../fold/principal.js';
import type { Registry } from '../registry.js';

/** What is to go. */
export interface TakedownWish {
  readonly name: string;
  /** One version; without it the whole package. */
  readonly version?: string | undefined;
  /** Why; it is shown to who asks for it. */
  readonly reason: string;
}

/**
 * Takes a version or a package down for ever, as the operator. Its contents are not served from then on; the name and the number stay
 * used.
 * @returns the number of the entry
 * @throws EBPM_PACKAGE_NOT_FOUND, EBPM_VERSION_NOT_FOUND, EBPM_LOG_RULES_OLD
 */
export async function takeDown({ log, packages }: Registry, { name, version, reason }: TakedownWish): Promise<number> {
  const state = packages.package(name);
  if (state === undefined) throw packageNotFound(name);
  const { owners, visibility } = state;
  const op = { type: 'takedown', by: OPERATOR, name, reason, owners, visibility } as const;
  if (version === undefined) return (await log.commit(op)).seq;
  const found = packages.version(name, parseVersion(version));
  if (found === undefined) {
    const message = `Cannot take "${name}@${version}" down: the package has no such version`;
    throw new EbpmError('EBPM_VERSION_NOT_FOUND', message);
  }
  return (await log.commit({ ...op, version: found.version, digest: found.digest })).seq;
}
