import { isPackageName, isScopeName } from '@ebpm/formats';
import { isObject } from '../fold/field-checks.js';
import { isOrganisationId, isTrustId, isUserId } from '../fold/principal.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import { type Op, rulesWith } from '../log/op.js';
import { LEVELS, type Level, type Role } from './account-records.js';
import { TOKEN_POWERS, type TokenPower } from './account-state.js';
import { isAddressRange } from './address-range.js';
import { isNamePattern } from './name-pattern.js';

/** A token that somebody gets. */
export interface TokenOperation {
  readonly type: 'token';
  readonly id: string;
  readonly hash: string;
  /** A user; under rules 2 also a trusted publisher. */
  readonly user: string;
  readonly expires?: string;
  /** Rules 2: what it is good for. */
  readonly allow?: readonly TokenPower[];
  readonly names?: readonly string[];
  readonly from?: readonly string[];
}

/** An operation of the accounts log, without what every operation has. Who may do it was checked before it was written. */
export type AccountOperation =
  | { readonly type: 'user'; readonly id: string }
  | TokenOperation
  | { readonly type: 'revoke'; readonly token: string }
  | { readonly type: 'organisation'; readonly id: string; readonly name: string; readonly admin: string }
  | { readonly type: 'member'; readonly organisation: string; readonly user: string; readonly role: Role | 'none' }
  | {
      readonly type: 'team';
      readonly organisation: string;
      readonly team: string;
      readonly action: 'create' | 'remove';
    }
  | {
      readonly type: 'team-member';
      readonly organisation: string;
      readonly team: string;
      readonly user: string;
      readonly action: 'add' | 'remove';
    }
  | {
      readonly type: 'grant';
      readonly organisation: string;
      readonly team: string;
      readonly pattern: string;
      readonly level: Level | 'none';
    }
  | { readonly type: 'policy'; readonly package: string; readonly otp: boolean; readonly trustedOnly: boolean }
  | {
      readonly type: 'trust';
      readonly action: 'add';
      readonly id: string;
      readonly package: string;
      readonly issuer: string;
      readonly claims: Readonly<Record<string, string>>;
    }
  | { readonly type: 'trust'; readonly action: 'remove'; readonly id: string }
  | { readonly type: 'erase'; readonly user: string };

/** The operation, or undefined when the rules know no such one. Fields that they do not know are let be. */
export function parseAccountOperation(op: Op, rules: number): AccountOperation | undefined {
  if ((rulesWith('accounts', op.type) ?? Number.POSITIVE_INFINITY) > rules) return undefined;
  if (op.type === 'token') return parseToken(op, rules);
  const fields: object = op;
  return SHAPES.get(op.type)?.(op) ? (fields as AccountOperation) : undefined;
}

/** Whether this is the name of a team: as a scope is written. */
export function isTeamName(value: unknown): value is string {
  return isScopeName(value);
}

/** An https URL without a query; http only on the machine itself, where nobody stands in between. */
const ISSUER = /^(?:https:\/\/[^\s?#@]+|http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?(?:\/[^\s?#@]*)?)$/;

/** Whether this can be the issuer of a trusted publisher's tokens. */
export function isIssuer(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200 && ISSUER.test(value) && URL.canParse(value);
}

/** Whether these are claims that a token must have, each as a text. */
export function isClaims(value: unknown): value is Readonly<Record<string, string>> {
  if (!isObject(value)) return false;
  const claims = Object.entries(value);
  return (
    claims.length > 0 &&
    claims.length <= ACCOUNT_LIMITS.claims &&
    claims.every(([name, text]) => /^[A-Za-z0-9_.:/-]{1,64}$/.test(name) && isText(text) && text.length <= 256)
  );
}

/** Whether these are limits of a token that make sense: nothing empty, nothing unknown. */
export function areTokenLimits({ allow, names, from }: Fields): boolean {
  return (
    isListOf(allow, (power) => TOKEN_POWERS.some((known) => known === power)) &&
    isListOf(names, isNamePattern) &&
    isListOf(from, isAddressRange)
  );
}

type Fields = Readonly<Record<string, unknown>>;

const SHAPES: ReadonlyMap<string, (op: Fields) => boolean> = new Map([
  ['user', ({ id }: Fields) => isUserId(id)],
  ['revoke', ({ token }: Fields) => isTokenId(token)],
  ['organisation', ({ id, name, admin }: Fields) => isOrganisationId(id) && isScopeName(name) && isUserId(admin)],
  [
    'member',
    ({ organisation, user, role }: Fields) =>
      isOrganisationId(organisation) && isUserId(user) && isOneOf(role, ['admin', 'member', 'none']),
  ],
  ['team', (op: Fields) => isOfTeam(op) && isOneOf(op['action'], ['create', 'remove'])],
  ['team-member', (op: Fields) => isOfTeam(op) && isUserId(op['user']) && isOneOf(op['action'], ['add', 'remove'])],
  ['grant', (op: Fields) => isOfTeam(op) && isNamePattern(op['pattern']) && isOneOf(op['level'], [...LEVELS, 'none'])],
  [
    'policy',
    (op: Fields) => isName(op['package']) && [op['otp'], op['trustedOnly']].every((on) => typeof on === 'boolean'),
  ],
  ['trust', isTrust],
  ['erase', ({ user }: Fields) => isUserId(user)],
]);

function parseToken(op: Op, rules: number): TokenOperation | undefined {
  const { id, hash, user, expires, allow, names, from } = op;
  if (!isTokenId(id) || !isText(hash) || !/^[0-9a-f]{64}$/.test(hash) || !isText(user)) return undefined;
  if (expires !== undefined && !isTime(expires)) return undefined;
  const token = { type: 'token', id, hash, user, ...(expires !== undefined && { expires }) } as const;
  if (rules < 2) return token;
  const limits = Object.fromEntries(Object.entries({ allow, names, from }).filter(([, list]) => list !== undefined));
  return areTokenLimits(limits) ? { ...token, ...limits } : undefined;
}

function isTrust({ action, id, package: name, issuer, claims }: Fields): boolean {
  if (!isTrustId(id)) return false;
  return action === 'remove' || (action === 'add' && isName(name) && isIssuer(issuer) && isClaims(claims));
}

function isOfTeam({ organisation, team }: Fields): boolean {
  return isOrganisationId(organisation) && isTeamName(team);
}

function isName(value: unknown): boolean {
  return isText(value) && isPackageName(value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (value === undefined) return true;
  if (!Array.isArray(value) || value.length === 0 || value.length > ACCOUNT_LIMITS.tokenLimits) return false;
  return value.every(isItem) && new Set(value).size === value.length;
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return isText(value) && words.includes(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTokenId(value: unknown): value is string {
  return isText(value) && /^t_[0-9a-f]{16}$/.test(value);
}

/** RFC 3339 as `Date.toISOString` writes it: the one form in which text compares as time does. */
function isTime(value: unknown): value is string {
  if (!isText(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}
