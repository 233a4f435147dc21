import type Database from 'better-sqlite3';
import type { AccountDraft } from '../accounts/account-draft.js';
import type { AccountRecords, RecordKind } from '../accounts/account-records.js';
import type { AccountView, TokenLimits, TokenState, UserState } from '../accounts/account-state.js';
import { ACCOUNT_LIMITS } from '../limits.js';

interface UserRow {
  readonly id: string;
  readonly seq: number;
  readonly op: number;
  readonly created_at: string;
  readonly erased_at: string | null;
}

interface TokenRow {
  readonly id: string;
  readonly seq: number;
  readonly op: number;
  readonly hash: string;
  readonly user: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked: number;
  /** JSON object. */
  readonly limits: string;
}

/** Accounts in SQLite: the state that operations of the accounts log are judged on, and requests are let in by. */
export class AccountIndex implements AccountView {
  readonly #user: Database.Statement<[string], UserRow>;
  readonly #users: Database.Statement<[], UserRow>;
  readonly #token: Database.Statement<[string], TokenRow>;
  readonly #tokenByHash: Database.Statement<[string], TokenRow>;
  readonly #tokensOf: Database.Statement<[string], TokenRow>;
  readonly #record: Database.Statement<[RecordKind, string], { state: string }>;
  readonly #records: Database.Statement<[RecordKind, string, string], { state: string }>;
  readonly #withCodes: Database.Statement<[], { key: string }>;
  readonly #putUser: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #putToken: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #putRecord: Database.Statement<[RecordKind, string, string], unknown>;
  readonly #removeRecord: Database.Statement<[RecordKind, string], unknown>;
  /** Tokens that came with requests lately, by hash. */
  readonly #used = new Map<string, TokenState>();
  readonly #clear: readonly Database.Statement<[], unknown>[];

  constructor(database: Database.Database) {
    this.#user = database.prepare('SELECT * FROM users WHERE id = ?');
    this.#users = database.prepare('SELECT * FROM users ORDER BY created_at, id');
    this.#token = database.prepare('SELECT * FROM tokens WHERE id = ?');
    this.#tokenByHash = database.prepare('SELECT * FROM tokens WHERE hash = ?');
    this.#tokensOf = database.prepare('SELECT * FROM tokens WHERE user = ? ORDER BY created_at, id');
    this.#record = database.prepare('SELECT state FROM account_records WHERE kind = ? AND key = ?');
    this.#records = database.prepare(
      'SELECT state FROM account_records WHERE kind = ? AND key >= ? AND key < ? ORDER BY key',
    );
    this.#withCodes = database.prepare(
      "SELECT key FROM account_records WHERE kind = 'policy' AND json_extract(state, '$.otp') ORDER BY key",
    );
    this.#putUser = database.prepare(`
      INSERT INTO users VALUES (@id, @seq, @op, @createdAt, @erasedAt)
      ON CONFLICT (id) DO UPDATE SET seq = @seq, op = @op, erased_at = @erasedAt`);
    this.#putToken = database.prepare(`
      INSERT INTO tokens VALUES (@id, @seq, @op, @hash, @user, @createdAt, @expiresAt, @revoked, @limits)
      ON CONFLICT (id) DO UPDATE SET seq = @seq, op = @op, revoked = @revoked`);
    this.#putRecord = database.prepare('INSERT OR REPLACE INTO account_records VALUES (?, ?, ?)');
    this.#removeRecord = database.prepare('DELETE FROM account_records WHERE kind = ? AND key = ?');
    this.#clear = ['users', 'tokens', 'account_records'].map((table) => database.prepare(`DELETE FROM ${table}`));
  }

  user(id: string): UserState | undefined {
    const row = this.#user.get(id);
    return row && userFromRow(row);
  }

  /** Everybody, in the order of creation; who was erased too. */
  users(): UserState[] {
    return this.#users.all().map(userFromRow);
  }

  token(id: string): TokenState | undefined {
    const row = this.#token.get(id);
    return row && tokenFromRow(row);
  }

  tokenByHash(hash: string): TokenState | undefined {
    const used = this.#used.get(hash);
    if (used !== undefined) return used;
    const row = this.#tokenByHash.get(hash);
    if (row === undefined) return undefined;
    const token = tokenFromRow(row);
    if (this.#used.size >= ACCOUNT_LIMITS.usedTokens) this.#used.clear();
    this.#used.set(hash, token);
    return token;
  }

  tokensOf(user: string): TokenState[] {
    return this.#tokensOf.all(user).map(tokenFromRow);
  }

  record<Kind extends RecordKind>(kind: Kind, key: string): AccountRecords[Kind] | undefined {
    const row = this.#record.get(kind, key);
    return row && (JSON.parse(row.state) as AccountRecords[Kind]);
  }

  /** The names of the packages that people publish with a one-time code. */
  packagesWithCodes(): string[] {
    return this.#withCodes.all().map(({ key }) => key);
  }

  records<Kind extends RecordKind>(kind: Kind, prefix: string): AccountRecords[Kind][] {
    // "0" is the character after "/", with which every prefix ends.
    const end = `${prefix.slice(0, -1)}0`;
    return this.#records.all(kind, prefix, end).map(({ state }) => JSON.parse(state) as AccountRecords[Kind]);
  }

  /** Writes what a draft on this state changed. To be called inside the transaction that moves the position. */
  write(draft: AccountDraft): void {
    this.#used.clear();
    const { users, tokens, records } = draft.changes();
    for (const { at, erasedAt = null, ...user } of users) {
      this.#putUser.run({ ...user, erasedAt, seq: at.seq, op: at.index });
    }
    for (const { at, expiresAt = null, revoked, allow, names, from, ...token } of tokens) {
      const limits = JSON.stringify({ allow, names, from });
      this.#putToken.run({ ...token, seq: at.seq, op: at.index, expiresAt, revoked: revoked ? 1 : 0, limits });
    }
    for (const { kind, key, state } of records) {
      if (state === undefined) this.#removeRecord.run(kind, key);
      else this.#putRecord.run(kind, key, JSON.stringify(state));
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#used.clear();
    for (const statement of this.#clear) statement.run();
  }
}

function userFromRow(row: UserRow): UserState {
  const { id, seq, op: index } = row;
  return { id, at: { seq, index }, createdAt: row.created_at, erasedAt: row.erased_at ?? undefined };
}

function tokenFromRow(row: TokenRow): TokenState {
  const { id, hash, user } = row;
  const { allow, names, from } = JSON.parse(row.limits) as Partial<TokenLimits>;
  return {
    id,
    at: { seq: row.seq, index: row.op },
    hash,
    user,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    revoked: row.revoked !== 0,
    allow,
    names,
    from,
  };
}
