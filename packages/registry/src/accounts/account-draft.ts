import type { VoidOperation } from '../fold/operation-place.js';
import type { AccountView, TokenState, UserState } from './account-state.js';

/** Changes on top of accounts that themselves stay as they are; see `PackageDraft`. */
export class AccountDraft implements AccountView {
  readonly #base: AccountView;
  readonly #users = new Map<string, UserState>();
  readonly #tokens = new Map<string, TokenState>();
  readonly #tokensByHash = new Map<string, TokenState>();
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

  putUser(user: UserState): void {
    this.#users.set(user.id, user);
  }

  putToken(token: TokenState): void {
    this.#tokens.set(token.id, token);
    this.#tokensByHash.set(token.hash, token);
  }

  putVoid(operation: VoidOperation): void {
    this.#voids.push(operation);
  }

  /** Everything that differs from the base. */
  changes(): { users: UserState[]; tokens: TokenState[]; voids: VoidOperation[] } {
    return { users: [...this.#users.values()], tokens: [...this.#tokens.values()], voids: [...this.#voids] };
  }
}
