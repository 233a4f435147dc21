import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import type { AccountIndex } from '../index/account-index.js';
import type { Log } from '../log/log.js';
import type { Random } from '../random.js';
import type { TokenState } from './account-state.js';
import type { People } from './people.js';
import { formatToken, tokenHash } from './token.js';
import { checkUserName } from './user-name.js';

/** What changes accounts. */
export interface AccountsParts {
  readonly log: Log;
  readonly index: AccountIndex;
  readonly people: People;
  readonly clock: Clock;
  readonly random: Random;
}

/** A user with the name; `id` when it was erased. */
export interface NamedUser {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
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

/** Adds users and tokens. It works while servers run on the same store: they follow the accounts log. */
export class Accounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /**
   * Adds a user. A crash in between leaves a name that is claimed for a user who is not in the log; adding it again completes it.
   * @throws EBPM_USER_NAME_INVALID, EBPM_USER_EXISTS
   */
  async addUser(name: string): Promise<{ readonly id: string; readonly name: string }> {
    checkUserName(name);
    const { log, index, people, random } = this.#parts;
    const id = await people.claim(name, `u_${random.hex(16)}`);
    if (index.user(id) !== undefined) throw userExists(name);
    const { already } = await log.commit({ type: 'user', by: OPERATOR, id });
    if (already) throw userExists(name);
    return { id, name };
  }

  /** Everybody, in the order in which they were added. */
  async listUsers(): Promise<readonly NamedUser[]> {
    const { index, people } = this.#parts;
    return Promise.all(
      index.users().map(async ({ id, createdAt }) => ({
        id,
        name: (await people.nameOf(id)) ?? id,
        createdAt,
        tokens: index.tokensOf(id),
      })),
    );
  }

  /**
   * Makes a token for a user.
   * @param lifeMs how long it is good for; undefined: until it is revoked
   * @throws EBPM_USER_NOT_FOUND
   */
  async createToken(name: string, lifeMs: number | undefined): Promise<NewToken> {
    const { log, index, people, clock, random } = this.#parts;
    const user = await people.find(name);
    if (user === undefined || index.user(user) === undefined) throw userNotFound(name);
    const id = `t_${random.hex(8)}`;
    const token = formatToken(random.hex(32));
    const expires = lifeMs === undefined ? undefined : new Date(clock.nowMs() + lifeMs).toISOString();
    const hash = tokenHash(token);
    await log.commit({ type: 'token', by: OPERATOR, id, hash, user, ...(expires !== undefined && { expires }) });
    return { id, token, user, expires };
  }

  /**
   * Ends a token for good; no error when that was done before.
   * @throws EBPM_TOKEN_NOT_FOUND
   */
  async revokeToken(id: string): Promise<void> {
    await this.#parts.log.commit({ type: 'revoke', by: OPERATOR, token: id });
  }
}

/** Who acts in these operations: somebody with access to the store. */
const OPERATOR = 'operator';

function userExists(name: string): EbpmError {
  return new EbpmError('EBPM_USER_EXISTS', `Cannot add the user "${name}": somebody has this name`);
}

function userNotFound(name: string): EbpmError {
  return new EbpmError('EBPM_USER_NOT_FOUND', `Cannot create a token for "${name}": no user has this name`, {
    hint: `ebpm-registry user add ${name} --store STORE`,
  });
}
