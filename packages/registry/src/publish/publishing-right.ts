import { EbpmError } from '@ebpm/formats';
import type { TokenState } from '../accounts/account-state.js';
import { tokenRefusal } from '../accounts/authenticate.js';
import { isAtLeast, notOwner } from '../accounts/rights.js';
import { shownCode } from '../accounts/shown-code.js';
import { useRefusal } from '../accounts/token-limits.js';
import { isTrustId } from '../fold/principal.js';
import type { Registry } from '../registry.js';
import { nameRefusal } from './name-rules.js';
import type { Check } from './permits.js';

/** For whom somebody publishes, and what is to be asked again right before it is written. */
export interface PublishingRight {
  /** The id of the owner that the package belongs to, or will. */
  readonly as: string;
  readonly check: Check;
}

/** What a publish says of who it is by. */
export interface PublishingWish {
  readonly token: TokenState;
  readonly name: string;
  /** The one-time code that came along. */
  readonly otp: string | undefined;
}

/**
 * Finds out whether a token lets anyone publish under a name, and for which owner: an existing package's, else the user himself, or the
 * organisation or user whose name the scope is.
 * @throws EBPM_NAME_RESERVED, EBPM_NAME_TOO_SIMILAR, EBPM_TOKEN_FORBIDDEN, EBPM_NOT_OWNER, EBPM_SCOPE_FORBIDDEN, EBPM_TRUSTED_ONLY, EBPM_OTP_REQUIRED, EBPM_OTP_WRONG,
 * EBPM_LOGIN_THROTTLED
 */
export async function publishingRight(registry: Registry, wish: PublishingWish): Promise<PublishingRight> {
  const { accountIndex, clock, people, logins } = registry;
  const { token, name, otp } = wish;
  // A name never changes hands, so that it need not be looked up again.
  const ownName = isTrustId(token.user) || !name.startsWith('@') ? undefined : await people.nameOf(token.user);
  const unusable = useRefusal(token, { power: 'publish', name });
  if (unusable !== undefined) throw unusable;
  const right = rightOn(registry, wish, ownName);
  if (right instanceof EbpmError) throw right;
  const code = await shownCode(logins, {
    user: token.user,
    code: otp,
    isWanted: () => !isTrustId(token.user) && accountIndex.record('policy', name)?.otp === true,
  });
  const check: Check = () => {
    const now = rightOn(registry, wish, ownName);
    return (
      tokenRefusal(accountIndex.token(token.id), clock.nowMs()) ??
      useRefusal(token, { power: 'publish', name }) ??
      (now instanceof EbpmError ? now : nameRefusal(registry, name, now)) ??
      trustedOnlyRefusal(registry, wish) ??
      code()
    );
  };
  const refusal = check();
  if (refusal !== undefined) throw refusal;
  return { as: right, check };
}

/** The owner for whom the token's user may publish the name, or why there is none. */
function rightOn(registry: Registry, { token, name }: PublishingWish, ownName: string | undefined): string | EbpmError {
  const { packages, accountIndex, rights } = registry;
  const state = packages.package(name);
  if (state !== undefined && (rights.canRead(token.user, state) || !name.startsWith('@'))) {
    const right = rights.of(token.user, state);
    if (right !== undefined && isAtLeast(right.level, 'write')) return right.as;
    return notOwner(`Cannot publish "${name}"`, 'write');
  }
  if (isTrustId(token.user)) return scopeForbidden(name, 'a trusted publisher publishes the package that trusts it');
  if (!name.startsWith('@')) return token.user;
  const scope = name.slice(1, name.indexOf('/'));
  if (scope === ownName) return token.user;
  const organisation = accountIndex.record('organisation-name', scope);
  if (organisation === undefined) return scopeForbidden(name, `"@${scope}" is not yours`);
  const right = rights.inOrganisation(token.user, organisation.id, name);
  if (right !== undefined && isAtLeast(right.level, 'write')) return right.as;
  return scopeForbidden(name, `"@${scope}" is not yours`);
}

function trustedOnlyRefusal({ accountIndex }: Registry, { token, name }: PublishingWish): EbpmError | undefined {
  if (isTrustId(token.user) || accountIndex.record('policy', name)?.trustedOnly !== true) return undefined;
  return new EbpmError('EBPM_TRUSTED_ONLY', `Cannot publish "${name}": only its trusted publishers may`, {
    hint: `publish it from the CI service that the package trusts; its owners change that: ebpm access set publishers=all ${name}`,
  });
}

function scopeForbidden(name: string, reason: string): EbpmError {
  return new EbpmError('EBPM_SCOPE_FORBIDDEN', `Cannot publish "${name}": ${reason}`, {
    hint: 'use your own name as the scope, or that of an organisation in which you may publish',
  });
}
