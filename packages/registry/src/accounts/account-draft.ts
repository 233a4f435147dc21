import type { VoidOperation } from '../fold/operation-place.js';
import { type AccountRecords, RECORD_KEYS, type RecordChange, type RecordKind, TWINS } from './account-records.js';
import type { AccountView, TokenState, UserState } from './account-state.js';

/** Everything in which a draft differs from its base. */
export interface AccountChanges {
  readonly users: readonly UserState[];
  readonly tokens: readonly TokenState[];
  readonly records: readonly RecordChange[];
  readonly voids: readonly VoidOperation[];
}

/** Changes on top of accounts that themselves stay as they are; see `PackageDraft`. */
export class AccountDraft implements AccountView {
  readonly #base: AccountView;
  readonly #users = new Map<string, UserState>();
  readonly #tokens = new Map<string, TokenState>();
  readonly #tokensByHash = new Map<string, TokenState>();
  readonly #records = new Map<RecordKind, Map<string, AccountRecords[RecordKind] | undefined>>();
  readonly #voids: VoidOperation[] = [];

  constructor(base: AccountView) {
    this.#base = base;
  }

  user(id: string): UserState | undefined {
    return this.#users.get(id) ?? this.#base.user(id);
  }

  token(id: string): TokenState | undefined {
    return this.#tokens.get(id) ?? this.#base.token(id);
  }

  tokenByHash(hash: string): TokenState | undefined {
    return this.#tokensByHash.get(hash) ?? this.#base.tokenByHash(hash);
  }

  tokensOf(user: string): readonly TokenState[] {
    const own = [...this.#tokens.values()].filter((token) => token.user === user);
    return [...this.#base.tokensOf(user).filter(({ id }) => !this.#tokens.has(id)), ...own];
  }

  record<Kind extends RecordKind>(kind: Kind, key: string): AccountRecords[Kind] | undefined {
    const own = this.#records.get(kind) as Map<string, AccountRecords[Kind] | undefined> | undefined;
    return own?.has(key) ? own.get(key) : this.#base.record(kind, key);
  }

  records<Kind extends RecordKind>(kind: Kind, prefix: string): readonly AccountRecords[Kind][] {
    const own = (this.#records.get(kind) ?? new Map()) as ReadonlyMap<string, AccountRecords[Kind] | undefined>;
    const changed = new Map([...own].filter(([key]) => key.startsWith(prefix)));
    const kept = this.#base.records(kind, prefix).filter((state) => !changed.has(RECORD_KEYS[kind](state)));
    return [...kept, ...[...changed.values()].filter((state) => state !== undefined)];
  }

  putUser(user: UserState): void {
    this.#users.set(user.id, user);
  }

  putToken(token: TokenState): void {
    this.#tokens.set(token.id, token);
    this.#tokensByHash.set(token.hash, token);
  }

  putRecord<Kind extends RecordKind>(kind: Kind, state: AccountRecords[Kind]): void {
    this.#change(kind, state, state);
  }

  removeRecord<Kind extends RecordKind>(kind: Kind, state: AccountRecords[Kind]): void {
    this.#change(kind, state, undefined);
  }

  putVoid(operation: VoidOperation): void {
    this.#voids.push(operation);
  }

  changes(): AccountChanges {
    const records = [...this.#records].flatMap(([kind, states]) =>
      [...states].map(([key, state]) => ({ kind, key, state })),
    );
    return { users: [...this.#users.values()], tokens: [...this.#tokens.values()], records, voids: [...this.#voids] };
  }

  #change<Kind extends RecordKind>(kind: Kind, of: AccountRecords[Kind], to: AccountRecords[Kind] | undefined): void {
    const twins: Partial<Record<RecordKind, RecordKind>> = TWINS;
    for (const one of [kind, twins[kind]]) {
      if (one === undefined) continue;
      const records = this.#records.get(one) ?? new Map<string, AccountRecords[RecordKind] | undefined>();
      const keyOf = RECORD_KEYS[one] as (state: AccountRecords[RecordKind]) => string;
      this.#records.set(one, records.set(keyOf(of), to));
    }
  }
}
