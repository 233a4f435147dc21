import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { OPERATOR } from '../fold/principal.js';
import type { AccountIndex } from '../index/account-index.js';
import type { Log } from '../log/log.js';
import type { NewOp } from '../log/op.js';
import type { Check, Permits } from '../publish/permits.js';
import type { Random } from '../random.js';
import type { Level, Role } from './account-records.js';
import type { TokenLimits, TokenState } from './account-state.js';
import type { People } from './people.js';
import { formatToken, tokenHash } from './token.js';
import { checkUserName } from './user-name.js';

/** What changes accounts. */
export interface AccountsParts {
  readonly log: Log;
  readonly index: AccountIndex;
  readonly people: People;
  readonly permits: Permits;
  readonly clock: Clock;
  readonly random: Random;
}

/** Who asks for a change, and by what right; the operator when left out. */
export interface Asking {
  /** The id of the user. */
  readonly by: string;
  /** Asked again right before the change is written. */
  readonly check: Check;
}

/** A user with the name; `id` when it was erased. */
export interface NamedUser {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** RFC 3339, UTC; undefined: the user is there. */
  readonly erasedAt: string | undefined;
  /** Newest last; revoked and expired ones too. */
  readonly tokens: readonly TokenState[];
}

/** A token that was made; the only time that anybody sees it. */
export interface NewToken {
  readonly id: string;
  readonly token: string;
  readonly user: string;
  /** RFC 3339, UTC; undefined: it does not expire. */
  readonly expires: string | undefined;
}

/** A token that is to be made. */
export interface TokenWish extends Partial<TokenLimits> {
  /** The id of a user or of a trusted publisher. */
  readonly user: string;
  /** How long it is good for; undefined: until it is revoked. */
  readonly lifeMs?: number | undefined;
}

/** Something with an id and a name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Changes accounts. It works while servers run on the same store: they follow the accounts log. */
export class Accounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /**
   * Adds a user. A crash in between leaves a name that is claimed for a user who is not in the log; adding it again completes it.
   * @throws EBPM_USER_NAME_INVALID, EBPM_NAME_RESERVED, EBPM_USER_EXISTS
   */
  async addUser(name: string): Promise<Named> {
    checkUserName(name);
    const { index, people, random } = this.#parts;
    const isKnown = (id: string) => index.user(id) !== undefined || index.record('organisation', id) !== undefined;
    const id = await people.claim(name, `u_${random.hex(16)}`, isKnown);
    if (isKnown(id) || id.startsWith('o_')) throw nameTaken('user', name);
    const { already } = await this.#commit({ type: 'user', by: OPERATOR, id });
    if (already) throw nameTaken('user', name);
    return { id, name };
  }

  /** Everybody, in the order in which they were added. */
  async listUsers(): Promise<readonly NamedUser[]> {
    const { index, people } = this.#parts;
    return Promise.all(
      index.users().map(async ({ id, createdAt, erasedAt }) => ({
        id,
        name: (await people.nameOf(id)) ?? id,
        createdAt,
        erasedAt,
        tokens: index.tokensOf(id),
      })),
    );
  }

  /**
   * The id of the user with this name.
   * @throws EBPM_USER_NOT_FOUND
   */
  async userOf(name: string): Promise<string> {
    const { index, people } = this.#parts;
    const id = await people.find(name);
    const user = id === undefined ? undefined : index.user(id);
    if (id === undefined || user === undefined || user.erasedAt !== undefined) throw userNotFound(name);
    return id;
  }

  /**
   * Takes away what a user logs in with, for who has lost it. His tokens go on.
   * @param only what goes; undefined: the password and the one-time codes
   * @throws EBPM_USER_NOT_FOUND, EBPM_LOG_BUSY
   */
  async resetLogin(name: string, only?: 'password' | 'otp'): Promise<Named> {
    const id = await this.userOf(name);
    await this.#parts.people.change(id, ({ password, otp, otpPending, ...profile }) => ({
      ...profile,
      ...(only === 'otp' && password !== undefined && { password }),
      ...(only === 'password' && {
        ...(otp !== undefined && { otp }),
        ...(otpPending !== undefined && { otpPending }),
      }),
    }));
    return { id, name };
  }

  /**
   * Makes a token for a user.
   * @param lifeMs how long it is good for; undefined: until it is revoked
   * @throws EBPM_USER_NOT_FOUND
   */
  async createToken(name: string, lifeMs?: number, limits?: Partial<TokenLimits>): Promise<NewToken> {
    return this.makeToken({ user: await this.userOf(name), lifeMs, ...limits });
  }

  /**
   * Makes a token for an id.
   * @throws EBPM_USER_NOT_FOUND, EBPM_TRUST_NOT_FOUND, EBPM_LOG_RULES_OLD
   */
  async makeToken({ user, lifeMs, allow, names, from }: TokenWish, asking?: Asking): Promise<NewToken> {
    const { clock, random } = this.#parts;
    const id = `t_${random.hex(8)}`;
    const token = formatToken(random.hex(32));
    const expires = lifeMs === undefined ? undefined : new Date(clock.nowMs() + lifeMs).toISOString();
    const op: NewOp = {
      type: 'token',
      by: asking?.by ?? OPERATOR,
      id,
      hash: tokenHash(token),
      user,
      ...(expires !== undefined && { expires }),
      ...(allow !== undefined && { allow }),
      ...(names !== undefined && { names }),
      ...(from !== undefined && { from }),
    };
    await this.#commit(op, asking);
    return { id, token, user, expires };
  }

  /**
   * Ends a token for good; no error when that was done before.
   * @throws EBPM_TOKEN_NOT_FOUND
   */
  async revokeToken(id: string, asking?: Asking): Promise<void> {
    await this.#commit({ type: 'revoke', by: asking?.by ?? OPERATOR, token: id }, asking);
  }

  /**
   * Adds an organisation, whose name is a scope.
   * @param admin the id of the user who is its first admin
   * @throws EBPM_USER_NAME_INVALID, EBPM_NAME_RESERVED, EBPM_USER_EXISTS, EBPM_USER_NOT_FOUND, EBPM_LOG_RULES_OLD
   */
  async addOrganisation(name: string, admin: string, asking?: Asking): Promise<Named> {
    checkUserName(name, 'organisation');
    const { index, people, random } = this.#parts;
    const isKnown = (id: string) => index.user(id) !== undefined || index.record('organisation', id) !== undefined;
    const id = await people.claim(name, `o_${random.hex(16)}`, isKnown);
    if (isKnown(id) || !id.startsWith('o_')) throw nameTaken('organisation', name);
    await this.#commit({ type: 'organisation', by: asking?.by ?? OPERATOR, id, name, admin }, asking);
    return { id, name };
  }

  /**
   * The organisation with this name.
   * @throws EBPM_ORGANISATION_NOT_FOUND
   */
  organisationOf(name: string): Named {
    const organisation = this.#parts.index.record('organisation-name', name);
    if (organisation !== undefined) return { id: organisation.id, name };
    throw new EbpmError('EBPM_ORGANISATION_NOT_FOUND', `Cannot find the organisation "${name}": there is none`);
  }

  /** Who belongs to an organisation, by name, or by id where somebody has none any more. */
  async membersOf(organisation: string): Promise<readonly (Named & { readonly role: Role })[]> {
    const { index, people } = this.#parts;
    const members = index.records('member', `${organisation}/`);
    return Promise.all(
      members.map(async ({ user, role }) => ({ id: user, name: (await people.nameOf(user)) ?? user, role })),
    );
  }

  /** Makes a user an admin or a member of an organisation, or with `none` neither. */
  async setMember(
    { organisation, user, role }: { organisation: string; user: string; role: Role | 'none' },
    asking?: Asking,
  ): Promise<void> {
    await this.#commit({ type: 'member', by: asking?.by ?? OPERATOR, organisation, user, role }, asking);
  }

  /** Creates or removes a team. */
  async setTeam(
    wish: { organisation: string; team: string; action: 'create' | 'remove' },
    asking: Asking,
  ): Promise<void> {
    await this.#commit({ type: 'team', by: asking.by, ...wish }, asking);
  }

  /** Puts a member of an organisation into a team, or takes him out. */
  async setTeamMember(
    wish: { organisation: string; team: string; user: string; action: 'add' | 'remove' },
    asking: Asking,
  ): Promise<void> {
    await this.#commit({ type: 'team-member', by: asking.by, ...wish }, asking);
  }

  /** Says what a team may do with the packages whose names match, or with `none` that it may nothing. */
  async setGrant(
    wish: { organisation: string; team: string; pattern: string; level: Level | 'none' },
    asking: Asking,
  ): Promise<void> {
    await this.#commit({ type: 'grant', by: asking.by, ...wish }, asking);
  }

  /** Says how a package may be published. */
  async setPolicy(wish: { package: string; otp: boolean; trustedOnly: boolean }, asking: Asking): Promise<void> {
    await this.#commit({ type: 'policy', by: asking.by, ...wish }, asking);
  }

  /** Lets jobs with these claims publish a package; the id of whoever does. */
  async addTrust(
    wish: { package: string; issuer: string; claims: Readonly<Record<string, string>> },
    asking: Asking,
  ): Promise<string> {
    const { index, random } = this.#parts;
    const id = `c_${random.hex(16)}`;
    const { already } = await this.#commit({ type: 'trust', by: asking.by, action: 'add', id, ...wish }, asking);
    if (!already) return id;
    const trusts = index.records('package-trust', `${wish.package}/`);
    return trusts.find((trust) => trust.issuer === wish.issuer && isSame(trust.claims, wish.claims))?.id ?? id;
  }

  /** Trusts a publisher no more; its tokens end. */
  async removeTrust(id: string, asking: Asking): Promise<void> {
    await this.#commit({ type: 'trust', by: asking.by, action: 'remove', id }, asking);
  }

  /**
   * Removes everything that says who a user is, and ends his tokens. His id stays in the log, and nobody gets his name.
   * @throws EBPM_USER_NOT_FOUND, EBPM_LOG_RULES_OLD
   */
  async eraseUser(name: string): Promise<string> {
    const { people, index } = this.#parts;
    const user = await people.find(name);
    if (user === undefined || index.user(user) === undefined) throw userNotFound(name);
    await this.#commit({ type: 'erase', by: OPERATOR, user });
    await people.erase(user);
    return user;
  }

  #commit(op: NewOp, asking?: Asking) {
    const { log, permits } = this.#parts;
    return asking === undefined ? log.commit(op) : permits.during(op, asking.check, () => log.commit(op));
  }
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((name) => a[name] === b[name]);
}

function nameTaken(kind: string, name: string): EbpmError {
  return new EbpmError('EBPM_USER_EXISTS', `Cannot add the ${kind} "${name}": somebody has this name`);
}

function userNotFound(name: string): EbpmError {
  return new EbpmError('EBPM_USER_NOT_FOUND', `Cannot find the user "${name}": no user has this name`);
}
