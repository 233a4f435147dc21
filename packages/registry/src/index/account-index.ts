import type Database from 'better-sqlite3';
import type { AccountDraft } from '../accounts/account-draft.js';
import type { AccountView, TokenState, UserState } from '../accounts/account-state.js';

interface UserRow {
  readonly id: string;
  readonly seq: number;
  readonly op: number;
  readonly created_at: string;
}

interface TokenRow extends UserRow {
  readonly hash: string;
  readonly user: string;
  readonly expires_at: string | null;
  readonly revoked: number;
}

/** Users and tokens in SQLite: the state that operations of the accounts log are judged on, and requests are let in by. */
export class AccountIndex implements AccountView {
  readonly #user: Database.Statement<[string], UserRow>;
  readonly #users: Database.Statement<[], UserRow>;
  readonly #token: Database.Statement<[string], TokenRow>;
  readonly #tokenByHash: Database.Statement<[string], TokenRow>;
  readonly #tokensOf: Database.Statement<[string], TokenRow>;
  readonly #putUser: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #clear: readonly Database.Statement<[], unknown>[];
  readonly #putToken: Database.Statement<[Record<string, unknown>], unknown>;

  constructor(database: Database.Database) {
    this.#user = database.prepare('SELECT * FROM users WHERE id = ?');
    this.#users = database.prepare('SELECT * FROM users ORDER BY seq, op');
    this.#token = database.prepare('SELECT * FROM tokens WHERE id = ?');
    this.#tokenByHash = database.prepare('SELECT * FROM tokens WHERE hash = ?');
    this.#tokensOf = database.prepare('SELECT * FROM tokens WHERE user = ? ORDER BY created_at, id');
    this.#putUser = database.prepare('INSERT INTO users VALUES (@id, @seq, @op, @createdAt)');
    this.#clear = ['users', 'tokens'].map((table) => database.prepare(`DELETE FROM ${table}`));
    this.#putToken = database.prepare(`
      INSERT INTO tokens VALUES (@id, @seq, @op, @hash, @user, @createdAt, @expiresAt, @revoked)
      ON CONFLICT (id) DO UPDATE SET seq = @seq, op = @op, revoked = @revoked`);
  }

  user(id: string): UserState | undefined {
    const row = this.#user.get(id);
    return row && userFromRow(row);
  }

  /** Everybody, in the order of creation. */
  users(): UserState[] {
    return this.#users.all().map(userFromRow);
  }

  token(id: string): TokenState | undefined {
    const row = this.#token.get(id);
    return row && tokenFromRow(row);
  }

  tokenByHash(hash: string): TokenState | undefined {
    const row = this.#tokenByHash.get(hash);
    return row && tokenFromRow(row);
  }

  /** The tokens of a user, revoked and expired ones too, in the order of creation. */
  tokensOf(user: string): TokenState[] {
    return this.#tokensOf.all(user).map(tokenFromRow);
  }

  /** Writes what a draft on this state changed. To be called inside the transaction that moves the position. */
  write(draft: AccountDraft): void {
    const { users, tokens } = draft.changes();
    for (const { at, ...user } of users) this.#putUser.run({ ...user, seq: at.seq, op: at.index });
    for (const { at, expiresAt = null, revoked, ...token } of tokens) {
      this.#putToken.run({ ...token, seq: at.seq, op: at.index, expiresAt, revoked: revoked ? 1 : 0 });
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const statement of this.#clear) statement.run();
  }
}

function userFromRow(row: UserRow): UserState {
  return { id: row.id, at: { seq: row.seq, index: row.op }, createdAt: row.created_at };
}

function tokenFromRow(row: TokenRow): TokenState {
  const { id, hash, user } = row;
  return {
    id,
    at: { seq: row.seq, index: row.op },
    hash,
    user,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    revoked: row.revoked !== 0,
  };
}
