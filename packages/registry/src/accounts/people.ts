import type { Clock } from '../clock.js';
import { openRecord, sealRecord } from '../keys/sealed-record.js';
import { nameClaimId, type ServerKey } from '../keys/server-key.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import { type PersonKey, personKey, type StoreKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

interface CachedName {
  readonly name: string | undefined;
  readonly untilMs: number;
}

/**
 * Who the users are: the only part of a registry that knows their names. Everything is encrypted, and can be removed:
 * `people/<user id>/<n>` holds the name (the highest n counts), `people/<claim id>/1` says whose a name is.
 */
export class People {
  readonly #store: Store;
  readonly #key: ServerKey;
  readonly #clock: Clock;
  readonly #names = new Map<string, CachedName>();

  constructor(store: Store, key: ServerKey, clock: Clock) {
    this.#store = store;
    this.#key = key;
    this.#clock = clock;
  }

  /** The name of a user; undefined when it was erased. Up to a minute old. */
  async nameOf(user: string): Promise<string | undefined> {
    const cached = this.#names.get(user);
    if (cached !== undefined && cached.untilMs > this.#clock.elapsedMs()) return cached.name;
    const name = await this.#readName(user);
    if (this.#names.size >= ACCOUNT_LIMITS.cachedNames) this.#names.clear();
    this.#names.set(user, { name, untilMs: this.#clock.elapsedMs() + ACCOUNT_LIMITS.cachedNameMs });
    return name;
  }

  /** The id of the user who has the name, if somebody has. */
  async find(name: string): Promise<string | undefined> {
    const record = await this.#read(personKey(nameClaimId(this.#key, name), 1));
    return typeof record?.['user'] === 'string' ? record['user'] : undefined;
  }

  /**
   * Gives the name to the user unless somebody has it; of any number of processes that ask at once one succeeds.
   * @returns the id of the user who has it now
   */
  async claim(name: string, user: string): Promise<string> {
    const place = personKey(nameClaimId(this.#key, name), 1);
    await this.#create(place, { user });
    const holder = await this.find(name);
    if (holder === undefined) throw new TypeError(`${place} is gone right after it was written`);
    await this.write(holder, 1, name);
    return holder;
  }

  /** Writes the n-th name of a user, unless there is one. */
  async write(user: string, n: number, name: string): Promise<void> {
    await this.#create(personKey(user, n), { name });
  }

  async #readName(user: string): Promise<string | undefined> {
    const newest = (await this.#store.list(`people/${user}/`)).filter(isPersonKey).sort(byNumber).at(-1);
    const record = newest && (await this.#read(newest));
    return typeof record?.['name'] === 'string' ? record['name'] : undefined;
  }

  async #read(place: PersonKey): Promise<Readonly<Record<string, unknown>> | undefined> {
    const bytes = await this.#store.get(place);
    return bytes && openRecord(this.#key, place, bytes);
  }

  /** Every outcome is followed by a read, so that it does not matter whether this or another call wrote it. */
  async #create(place: PersonKey, record: Readonly<Record<string, string>>): Promise<void> {
    await this.#store.create(place, sealRecord(this.#key, place, record));
  }
}

function isPersonKey(key: StoreKey): key is PersonKey {
  return key.startsWith('people/');
}

function byNumber(a: PersonKey, b: PersonKey): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(key: PersonKey): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}
