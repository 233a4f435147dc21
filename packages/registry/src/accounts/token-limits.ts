import { EbpmError } from '@ebpm/formats';
import type { TokenPower, TokenState } from './account-state.js';
import { isInRanges } from './address-range.js';
import { matchesPattern } from './name-pattern.js';

/** What somebody wants to do with a token. */
export interface TokenUse {
  readonly power: TokenPower;
  /** The package that it is about, if it is about one. */
  readonly name?: string;
}

/** Why the token is not good for that; undefined when it is. */
export function useRefusal(token: TokenState, { power, name }: TokenUse): EbpmError | undefined {
  const { id, names } = token;
  const refusal = powerRefusal(token, power);
  if (refusal !== undefined || names === undefined) return refusal;
  if (name !== undefined && names.some((pattern) => matchesPattern(pattern, name))) return undefined;
  const what = name === undefined ? 'more than single packages' : `"${name}"`;
  return forbidden(`the token "${id}" is not for ${what}`, { names });
}

/** Why the token is not good for anything of that kind; undefined when it is for something. */
export function powerRefusal({ id, allow }: TokenState, power: TokenPower): EbpmError | undefined {
  if (allow === undefined || allow.includes(power)) return undefined;
  return forbidden(`the token "${id}" is not for "${power}"`, { wanted: power, allow });
}

/** Why the token may not come from the address; undefined when it may. */
export function addressRefusal({ id, from }: TokenState, address: string): EbpmError | undefined {
  if (from === undefined || isInRanges(address, from)) return undefined;
  return forbidden(`the token "${id}" is not for requests from "${address}"`, {});
}

function forbidden(reason: string, data: Record<string, unknown>): EbpmError {
  return new EbpmError('EBPM_TOKEN_FORBIDDEN', `Cannot do this: ${reason}`, {
    hint: 'use a token that is, or make one',
    data,
  });
}
