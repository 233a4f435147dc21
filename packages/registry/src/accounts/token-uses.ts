// When each token was used last, over all processes. Each process writes what it has seen once a minute, under a key of its own, and
// reads what the others wrote:
//
//   uses/<15 digits: ms since 1970>-<16 hex>     {"v":1,"uses":{"<token id>":<ms since 1970>}}
//
// The latest time of a token counts, so that files may be read twice, in any order, and be put together by whoever finds too many of
// them: first the new file is written, then those that are in it are removed.

import type { Clock } from '../clock.js';
import { isCount, isObject } from '../fold/field-checks.js';
import { ACCOUNT_LIMITS, USE_LIMITS } from '../limits.js';
import { parseJson } from '../parse-json.js';
import type { Random } from '../random.js';
import { registryNowMs } from '../registry-time.js';
import { allKeys } from '../stores/all-keys.js';
import { ignoreStoreError } from '../stores/ignore-store-error.js';
import { type UseKey, useKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** What notes the uses of tokens. */
export interface TokenUsesOptions {
  readonly store: Store;
  /** Whether there is such a token: others are forgotten. */
  readonly isToken: (id: string) => boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** When tokens were used last. */
export class TokenUses {
  readonly #options: TokenUsesOptions;
  readonly #usedMs = new Map<string, number>();
  /** Seen by this process and not yet written. */
  readonly #unwritten = new Map<string, number>();
  readonly #closing = new AbortController();
  #read = new Set<string>();
  #readMs = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> | undefined;

  constructor(options: TokenUsesOptions) {
    this.#options = options;
  }

  /** Begins to write by itself. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** To be told of every request with a token. */
  note(token: string): void {
    const nowMs = registryNowMs(this.#options);
    remember(this.#usedMs, token, nowMs);
    remember(this.#unwritten, token, nowMs);
  }

  /** RFC 3339, UTC; undefined when nobody knows that the token was used. Others' uses as of the last `refresh`. */
  lastOf(token: string): string | undefined {
    const usedMs = this.#usedMs.get(token);
    return usedMs === undefined ? undefined : new Date(usedMs).toISOString();
  }

  /** Writes what this process has seen. */
  async flush(): Promise<void> {
    if (this.#unwritten.size === 0) return;
    const uses = new Map(this.#unwritten);
    await this.#write(uses);
    for (const [token, ms] of uses) if (this.#unwritten.get(token) === ms) this.#unwritten.delete(token);
  }

  /** Reads what others have written since. Does nothing when that was done a moment ago. */
  async refresh(): Promise<void> {
    const { store, clock } = this.#options;
    if (clock.elapsedMs() - this.#readMs < USE_LIMITS.freshMs) return;
    this.#readMs = clock.elapsedMs();
    const keys: UseKey[] = [];
    for await (const key of allKeys(store, 'uses/')) keys.push(key as UseKey);
    for (const key of keys) if (!this.#read.has(key)) await this.#add(key);
    this.#read = new Set(keys);
    if (keys.length > USE_LIMITS.files) await this.#putTogether(keys);
  }

  /** Writes what this process has seen, and ends. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    await this.flush().catch(ignoreStoreError);
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.refresh().catch(ignoreStoreError);
      await clock.sleep(USE_LIMITS.flushMs * (0.75 + random.fraction() / 2), signal);
      await this.flush().catch(ignoreStoreError);
    }
  }

  async #add(key: UseKey): Promise<void> {
    const bytes = await this.#options.store.get(key);
    for (const [token, ms] of bytes === undefined ? [] : usesIn(bytes)) {
      if (ms > (this.#usedMs.get(token) ?? 0)) remember(this.#usedMs, token, ms);
    }
  }

  async #putTogether(keys: readonly UseKey[]): Promise<void> {
    const { store, isToken } = this.#options;
    for (const token of this.#usedMs.keys()) if (!isToken(token)) this.#usedMs.delete(token);
    if (this.#usedMs.size > 0) await this.#write(this.#usedMs);
    for (const key of keys) await store.remove(key);
  }

  async #write(uses: ReadonlyMap<string, number>): Promise<void> {
    const { store, random } = this.#options;
    const key = useKey(registryNowMs(this.#options), random.hex(8));
    await store.create(key, Buffer.from(JSON.stringify({ v: 1, uses: Object.fromEntries(uses) })));
    this.#read.add(key);
  }
}

/** Set anew, so that those unused for longest come first, and go when there are too many. */
function remember(times: Map<string, number>, token: string, ms: number): void {
  times.delete(token);
  times.set(token, ms);
  for (const [oldest] of times) {
    if (times.size <= ACCOUNT_LIMITS.rememberedUses) return;
    times.delete(oldest);
  }
}

/** What a file says. Whoever can write to the store can write anything there. */
function usesIn(bytes: Uint8Array): [string, number][] {
  const file = parseJson(bytes);
  if (!isObject(file) || file['v'] !== 1 || !isObject(file['uses'])) return [];
  return Object.entries(file['uses'])
    .filter((entry): entry is [string, number] => /^t_[0-9a-f]{16}$/.test(entry[0]) && isTime(entry[1]))
    .slice(0, ACCOUNT_LIMITS.rememberedUses);
}

/** Up to the last time that a date can have (ECMA-262, time values). */
function isTime(ms: unknown): ms is number {
  return isCount(ms) && ms <= 8.64e15;
}
