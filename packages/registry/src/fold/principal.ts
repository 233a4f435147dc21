/** Whether this is the opaque id of a user, such as an operation of the log may name. */
export function isUserId(id: unknown): id is string {
  return typeof id === 'string' && /^u_[0-9a-f]{32}$/.test(id);
}

/** Whether this is the opaque id of an organisation. */
export function isOrganisationId(id: unknown): id is string {
  return typeof id === 'string' && /^o_[0-9a-f]{32}$/.test(id);
}

/** Whether this is the opaque id of a trusted publisher: a job of a CI service that acts for a package's owner. */
export function isTrustId(id: unknown): id is string {
  return typeof id === 'string' && /^c_[0-9a-f]{32}$/.test(id);
}

/** Whether this is the id of somebody who can own a package: a user or an organisation. */
export function isOwnerId(id: unknown): id is string {
  return isUserId(id) || isOrganisationId(id);
}

/** Who acts in what somebody with access to the store does. */
export const OPERATOR = 'operator';

/** Who acts in what the registry does by itself. */
export const REGISTRY = 'registry';
