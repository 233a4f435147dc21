import { EbpmError } from '@ebpm/formats';
import type { TokenState } from './account-state.js';
import { hasHash, isExpired, isToken, tokenHash } from './token.js';

/** What is needed to know whose token it is. */
export interface TokenLookup {
  tokenByHash(hash: string): TokenState | undefined;
  /** Reads what the accounts log has got since; may do nothing when that was asked a moment ago. */
  kick(): Promise<void>;
  nowMs(): number;
}

/**
 * Finds the token of an Authorization header (RFC 6750 section 2.1). A token that is not known may be so new that this replica
 * has not read of it, so the accounts log is asked before it is refused.
 * @throws EBPM_TOKEN_REQUIRED, EBPM_TOKEN_INVALID, EBPM_TOKEN_EXPIRED
 */
export async function authenticate(header: string | undefined, lookup: TokenLookup): Promise<TokenState> {
  if (header === undefined) throw required();
  const [, token] = /^Bearer ([^\s]+)$/i.exec(header) ?? [];
  if (token === undefined || !isToken(token)) throw invalid();
  const hash = tokenHash(token);
  const state = lookup.tokenByHash(hash) ?? (await tokenAfterKick(hash, lookup));
  if (state === undefined || !hasHash(state, hash)) throw invalid();
  const refusal = tokenRefusal(state, lookup.nowMs());
  if (refusal !== undefined) throw refusal;
  return state;
}

async function tokenAfterKick(hash: string, lookup: TokenLookup): Promise<TokenState | undefined> {
  await lookup.kick();
  return lookup.tokenByHash(hash);
}

/** Why the token lets nobody in; undefined when it does. */
export function tokenRefusal(token: TokenState | undefined, nowMs: number): EbpmError | undefined {
  if (token === undefined || token.revoked) return invalid();
  return isExpired(token, nowMs) ? expired(token) : undefined;
}

const HINT = 'ask who runs the registry for a token, then type: ebpm login';

function required(): EbpmError {
  return new EbpmError('EBPM_TOKEN_REQUIRED', 'Cannot do this without a token: the request has none', { hint: HINT });
}

function invalid(): EbpmError {
  return new EbpmError('EBPM_TOKEN_INVALID', 'Cannot accept the token: it is unknown or was revoked', { hint: HINT });
}

function expired({ id, expiresAt }: TokenState): EbpmError {
  const message = `Cannot accept the token "${id}": it expired at ${expiresAt}`;
  return new EbpmError('EBPM_TOKEN_EXPIRED', message, { hint: HINT, data: { expired: expiresAt } });
}
