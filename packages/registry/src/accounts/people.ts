import { randomBytes } from 'node:crypto';
import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { openRecord, sealedBy, sealRecord } from '../keys/sealed-record.js';
import { nameClaimId, personRecordKey, type RecordKey, SECRET_SIZE_BYTES, type ServerKey } from '../keys/server-key.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import { type PersonKey, personKey, type StoreKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** What is known of a person. All of it is encrypted with a key of his own. */
export interface Profile {
  readonly name: string;
  /** As `hashPassword` writes it; undefined: he has none and cannot log in. */
  readonly password?: string;
  /** The secret of his one-time codes, base32; undefined: he has none. */
  readonly otp?: string;
  /** A secret that he was shown and has not yet confirmed. */
  readonly otpPending?: string;
}

interface CachedName {
  readonly name: string | undefined;
  readonly untilMs: number;
}

/** How often a change is tried while others change the same person. */
const ATTEMPTS = 5;

/**
 * Who the users are: the only part of a registry that knows their names and secrets. Everything is encrypted, and can be removed:
 *
 * - `people/<claim id>/1` says whose a name is, sealed with the server's key. It stays when a person is erased, so that nobody
 *   takes his name, and with it his scope.
 * - `people/<user id>/0` is the person's own key, sealed with the server's key. Erasing removes it first.
 * - `people/<user id>/<n>` is his profile, sealed with his own key; the highest n counts, and those before it are removed.
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

  /** The name of a user or an organisation; undefined when it was erased. Up to a minute old. */
  async nameOf(id: string): Promise<string | undefined> {
    const cached = this.#names.get(id);
    if (cached !== undefined && cached.untilMs > this.#clock.elapsedMs()) return cached.name;
    const name = (await this.profile(id))?.name;
    if (this.#names.size >= ACCOUNT_LIMITS.cachedNames) this.#names.clear();
    this.#names.set(id, { name, untilMs: this.#clock.elapsedMs() + ACCOUNT_LIMITS.cachedNameMs });
    return name;
  }

  /** The id of the user or organisation that has the name, if one has; also when it was erased. */
  async find(name: string): Promise<string | undefined> {
    const place = personKey(nameClaimId(this.#key, name), 1);
    const bytes = await this.#store.get(place);
    const record = bytes && openRecord(this.#key, place, bytes);
    return typeof record?.['user'] === 'string' ? record['user'] : undefined;
  }

  /**
   * Gives the name to the user or organisation unless somebody has it; of any number of processes that ask at once one succeeds. Who
   * claimed it and came no further, so that no account is known, gets what is missing; who was erased is known and gets nothing.
   * @returns the id of the one who has it now
   */
  async claim(name: string, id: string, isKnown: (id: string) => boolean): Promise<string> {
    const place = personKey(nameClaimId(this.#key, name), 1);
    await this.#store.create(place, sealRecord(this.#key, place, { user: id }));
    const holder = await this.find(name);
    if (holder === undefined) throw new TypeError(`${place} is gone right after it was written`);
    if (!isKnown(holder)) await this.#begin(holder, name);
    return holder;
  }

  /** All that is known of a person, as it is now; undefined when it was erased. */
  async profile(id: string): Promise<Profile | undefined> {
    const newest = await this.#newest(id);
    return newest === undefined ? undefined : this.#read(id, newest);
  }

  /**
   * Changes a profile. Of changes at the same time each sees those before it.
   * @returns the profile as it is now; undefined when there is nobody to change
   * @throws EBPM_LOG_BUSY when others keep changing the same person
   */
  async change(id: string, changed: (profile: Profile) => Profile): Promise<Profile | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const newest = await this.#newest(id);
      const before = newest === undefined ? undefined : await this.#read(id, newest);
      const key = await this.#keyOf(id);
      if (newest === undefined || before === undefined || key === undefined) return undefined;
      const profile = changed(before);
      const place = personKey(id, newest + 1);
      const written = await this.#store.create(place, sealRecord(key, place, { ...profile }));
      if (written !== 'created') continue;
      // Whoever was slow may have taken a number below the newest, where nobody reads it.
      if ((await this.#newest(id)) !== newest + 1) {
        await this.#store.remove(place);
        continue;
      }
      for (let n = newest; n >= 1; n--) await this.#store.remove(personKey(id, n));
      return profile;
    }
    throw new EbpmError('EBPM_LOG_BUSY', 'Cannot change the account: others are changing it', {
      hint: 'Repeat it in a few seconds',
    });
  }

  /** Removes everything that says who it was, his key first. Safe to call twice. */
  async erase(id: string): Promise<void> {
    this.#names.delete(id);
    const keys = (await this.#store.list(`people/${id}/`)).filter(isPersonKey);
    for (const key of keys.toSorted((a, b) => numberOf(a) - numberOf(b))) await this.#store.remove(key);
  }

  async #begin(id: string, name: string): Promise<void> {
    const keyPlace = personKey(id, 0);
    const secret = randomBytes(SECRET_SIZE_BYTES).toString('base64url');
    await this.#store.create(keyPlace, sealRecord(this.#key, keyPlace, { secret }));
    const key = await this.#keyOf(id);
    const place = personKey(id, 1);
    // Every outcome is followed by a read, so that it does not matter whether this or another call wrote it.
    if (key !== undefined) await this.#store.create(place, sealRecord(key, place, { name }));
  }

  async #newest(id: string): Promise<number | undefined> {
    const numbers = (await this.#store.list(`people/${id}/`)).filter(isPersonKey).map(numberOf);
    return numbers
      .filter((n) => n > 0)
      .sort((a, b) => a - b)
      .at(-1);
  }

  async #read(id: string, n: number): Promise<Profile | undefined> {
    const place = personKey(id, n);
    const bytes = await this.#store.get(place);
    if (bytes === undefined) return undefined;
    // Records from before people had keys of their own are sealed with the server's.
    const key = sealedBy(bytes) === this.#key.fingerprint ? this.#key : await this.#keyOf(id);
    if (key === undefined) return undefined;
    const record = openRecord(key, place, bytes);
    return typeof record['name'] === 'string' ? (record as unknown as Profile) : undefined;
  }

  async #keyOf(id: string): Promise<RecordKey | undefined> {
    const place = personKey(id, 0);
    const bytes = await this.#store.get(place);
    const secret = bytes && openRecord(this.#key, place, bytes)['secret'];
    return typeof secret === 'string' ? personRecordKey(Buffer.from(secret, 'base64url')) : undefined;
  }
}

function isPersonKey(key: StoreKey): key is PersonKey {
  return key.startsWith('people/');
}

function numberOf(key: PersonKey): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}
