import type { OperationPlace } from '../fold/operation-place.js';

/** Somebody with an account. Who it is stands in `people/`, not here. */
export interface UserState {
  /** `u_<32 hex>`. */
  readonly id: string;
  readonly at: OperationPlace;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** A token, of which only the hash is known. */
export interface TokenState {
  /** `t_<16 hex>`: names the token in lists and when it is revoked. */
  readonly id: string;
  /** The operation that made or revoked it. */
  readonly at: OperationPlace;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  /** The id of the user it belongs to. */
  readonly user: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC; undefined: it does not expire. */
  readonly expiresAt: string | undefined;
  readonly revoked: boolean;
}

/** The accounts that operations are judged on: a fold of the accounts log up to some entry. */
export interface AccountView {
  user(id: string): UserState | undefined;
  token(id: string): TokenState | undefined;
  tokenByHash(hash: string): TokenState | undefined;
}
