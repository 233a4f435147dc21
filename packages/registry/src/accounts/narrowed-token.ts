import { EbpmError } from '@ebpm/formats';
import { areTokenLimits } from './account-operation.js';
import type { TokenPower, TokenState } from './account-state.js';
import type { TokenWish } from './accounts.js';

/** What somebody wants of a new token. */
export interface TokenRequest {
  readonly allow?: readonly TokenPower[];
  readonly names?: readonly string[];
  readonly from?: readonly string[];
  readonly lifeMs: number | undefined;
}

/**
 * The token that may be made with another one: never good for more, from elsewhere, or for longer than that one. What is not wanted
 * otherwise is as it is there.
 * @throws EBPM_TOKEN_FORBIDDEN, EBPM_REQUEST_INVALID
 */
export function narrowedToken(parent: TokenState, wish: TokenRequest, nowMs: number): TokenWish {
  const { allow = parent.allow, names, from = parent.from } = wish;
  if (!areTokenLimits({ allow, names, from })) {
    const reason = 'wanted names such as "@acme/*" and addresses such as "192.0.2.0/24"';
    throw new EbpmError('EBPM_REQUEST_INVALID', `Cannot read the request: in the body, ${reason}`);
  }
  const isWider =
    allow?.some((power) => parent.allow !== undefined && !parent.allow.includes(power)) === true ||
    from?.some((range) => parent.from !== undefined && !parent.from.includes(range)) === true;
  if (isWider) {
    const message = 'Cannot make the token: it would be good for more than the one that it is made with';
    throw new EbpmError('EBPM_TOKEN_FORBIDDEN', message, { data: { allow: parent.allow, from: parent.from } });
  }
  const leftMs = parent.expiresAt === undefined ? undefined : Date.parse(parent.expiresAt) - nowMs;
  const lifeMs = leftMs === undefined ? wish.lifeMs : Math.min(wish.lifeMs ?? leftMs, leftMs);
  return { user: parent.user, lifeMs, allow, names, from };
}
