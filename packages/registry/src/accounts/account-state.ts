import type { OperationPlace } from '../fold/operation-place.js';
import type { AccountRecords, RecordKind } from './account-records.js';

/** Somebody with an account. Who it is stands in `people/`, not here. */
export interface UserState {
  /** `u_<32 hex>`. */
  readonly id: string;
  readonly at: OperationPlace;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC: when everything that says who it is was removed; undefined: it was not. */
  readonly erasedAt: string | undefined;
}

/** What a token can be good for. */
export const TOKEN_POWERS = ['read', 'publish', 'yank', 'tag', 'owner', 'account'] as const;

/** `yank` is yank, unyank and deprecate; `owner` is owners, visibility and policy of packages; `account` is the rest of the account. */
export type TokenPower = (typeof TOKEN_POWERS)[number];

/** What a token is good for, all of it together; undefined: without that limit. */
export interface TokenLimits {
  readonly allow: readonly TokenPower[] | undefined;
  /** Patterns of package names, see `matchesPattern`. */
  readonly names: readonly string[] | undefined;
  /** Addresses and networks (CIDR) that it may be sent from. */
  readonly from: readonly string[] | undefined;
}

/** A token, of which only the hash is known. */
export interface TokenState extends TokenLimits {
  /** `t_<16 hex>`: names the token in lists and when it is revoked. */
  readonly id: string;
  /** The operation that made or revoked it. */
  readonly at: OperationPlace;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  /** The id of the user, or of the trusted publisher, that it belongs to. */
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
  /** The tokens of a user, revoked and expired ones too, in the order of creation. */
  tokensOf(user: string): readonly TokenState[];
  record<Kind extends RecordKind>(kind: Kind, key: string): AccountRecords[Kind] | undefined;
  /** The records whose keys begin with the prefix, which ends with "/", in the order of their keys. */
  records<Kind extends RecordKind>(kind: Kind, prefix: string): readonly AccountRecords[Kind][];
}
