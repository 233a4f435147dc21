// How guessing is slowed down, over all processes of a registry. Every attempt is noted in the store before it is made, under a number
// that one process alone can take, so that of any number of attempts at the same time each knows how many came before it:
//
//   attempts/<2>/<62>-<n>     {"v":1,"count":<attempts without success>,"ms":<registry time>}
//
// The hex digits are an HMAC of what is guarded, a user or an address. The highest n counts. All are removed on success, else but the
// last few: as long as a number stands, nobody who has been slow takes it again.

import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { isCount, isObject } from '../fold/field-checks.js';
import { attemptId, type ServerKey } from '../keys/server-key.js';
import { THROTTLE_LIMITS } from '../limits.js';
import { parseJson } from '../parse-json.js';
import { registryNowMs } from '../registry-time.js';
import { type AttemptKey, attemptKey, attemptPrefix } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** What slows down guessing. */
export interface ThrottleParts {
  readonly store: Store;
  readonly key: ServerKey;
  readonly clock: Clock;
}

/** How often something was tried without success, and when last. */
interface Attempts {
  readonly count: number;
  readonly ms: number;
}

interface Noted extends Attempts {
  /** The numbers of the notes, ascending. */
  readonly numbers: readonly number[];
}

/**
 * Slows down whoever guesses: after five failures each further one doubles the time in which nothing is tried, from a second to a
 * quarter of an hour.
 */
export class Throttle {
  readonly #parts: ThrottleParts;
  /** Until when this process need not ask the store. */
  readonly #waits = new Map<string, number>();

  constructor(parts: ThrottleParts) {
    this.#parts = parts;
  }

  /** @throws EBPM_LOGIN_THROTTLED while nothing is to be tried; EBPM_STORE_UNAVAILABLE */
  async check(subject: string): Promise<void> {
    this.#checkWait(subject);
    const id = attemptId(this.#parts.key, subject);
    this.#wait(subject, await this.#read(id));
  }

  /**
   * To be asked before something is tried: it counts as a failure until `succeed` is told.
   * @throws EBPM_LOGIN_THROTTLED while nothing is to be tried; EBPM_STORE_UNAVAILABLE
   */
  async take(subject: string): Promise<void> {
    this.#checkWait(subject);
    await this.#note(subject, (noted) => this.#wait(subject, noted));
  }

  /** To be told of a failure that `check` came before. @throws EBPM_STORE_UNAVAILABLE */
  async fail(subject: string): Promise<void> {
    await this.#note(subject, () => undefined);
  }

  /** To be told when it was right. */
  async succeed(subject: string): Promise<void> {
    const id = attemptId(this.#parts.key, subject);
    for (const n of (await this.#read(id)).numbers) await this.#parts.store.remove(attemptKey(id, n));
    this.#waits.delete(subject);
  }

  async #note(subject: string, check: (noted: Noted) => void): Promise<void> {
    const { store, key } = this.#parts;
    const id = attemptId(key, subject);
    for (let round = 0; round < THROTTLE_LIMITS.rounds; round++) {
      const noted = await this.#read(id);
      check(noted);
      const n = (noted.numbers.at(-1) ?? 0) + 1;
      const attempts: Attempts = { count: noted.count + 1, ms: registryNowMs(this.#parts) };
      const written = await store.create(attemptKey(id, n), Buffer.from(JSON.stringify({ v: 1, ...attempts })));
      if (written === 'exists') continue;
      const old = noted.numbers.filter((number) => number <= n - THROTTLE_LIMITS.kept);
      for (const number of old) await store.remove(attemptKey(id, number));
      return;
    }
    throw throttled(1);
  }

  async #read(id: string): Promise<Noted> {
    const { store } = this.#parts;
    const numbers: number[] = [];
    const { folder, start } = attemptPrefix(id);
    for await (const key of keysFrom(store, folder, start)) numbers.push(Number(key.slice(start.length)));
    const highest = numbers.at(-1);
    const bytes = highest === undefined ? undefined : await store.get(attemptKey(id, highest));
    const attempts = bytes && readAttempts(bytes);
    // After a day all is forgotten.
    const isFresh = attempts !== undefined && registryNowMs(this.#parts) - attempts.ms < THROTTLE_LIMITS.forgetMs;
    return { ...(isFresh ? attempts : NONE), numbers };
  }

  #wait(subject: string, { count, ms }: Attempts): void {
    const { free, firstMs, mostMs, keys } = THROTTLE_LIMITS;
    if (count < free) return;
    if (this.#waits.size >= keys) this.#waits.clear();
    this.#waits.set(subject, ms + Math.min(firstMs * 2 ** (count - free), mostMs));
    this.#checkWait(subject);
  }

  #checkWait(subject: string): void {
    const seconds = Math.ceil(((this.#waits.get(subject) ?? 0) - registryNowMs(this.#parts)) / 1000);
    if (seconds > 0) throw throttled(seconds);
    this.#waits.delete(subject);
  }
}

const NONE: Attempts = { count: 0, ms: 0 };

/** The keys that begin with `start`, in order. Others of the folder come after them. */
async function* keysFrom(store: Store, folder: `attempts/${string}/`, start: string): AsyncGenerator<AttemptKey, void> {
  for (let after = start; ; ) {
    const page = await store.list(folder, { after, limit: THROTTLE_LIMITS.listed });
    const own = page.filter((key): key is AttemptKey => key.startsWith(start));
    yield* own;
    const last = own.at(-1);
    if (last === undefined || own.length < THROTTLE_LIMITS.listed) return;
    after = last;
  }
}

/** What is none counts as one failure a while ago: whoever can write to the store can write anything there. */
function readAttempts(bytes: Uint8Array): Attempts {
  const value = parseJson(bytes);
  const { count, ms } = isObject(value) ? value : {};
  return isCount(count) && isCount(ms) ? { count, ms } : NONE;
}

function throttled(seconds: number): EbpmError {
  return new EbpmError('EBPM_LOGIN_THROTTLED', `Cannot try that now: too many attempts failed, wait ${seconds} s`, {
    data: { seconds },
  });
}
