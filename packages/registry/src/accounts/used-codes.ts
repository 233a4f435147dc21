import { isObject } from '../fold/field-checks.js';
import { OTP_LIMITS } from '../limits.js';
import { parseJson } from '../parse-json.js';
import type { Random } from '../random.js';
import { type CodeKey, codeKey, codeStep } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/**
 * Which one-time codes were used. A code is used by creating its key, which one of any number of processes can do: so a code that was
 * read off somebody's screen is good for nothing anywhere once he has used it.
 */
export class UsedCodes {
  readonly #store: Store;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  /**
   * Uses the code of a step (30 s since 1970).
   * @returns whether it had not been used
   * @throws EBPM_STORE_UNAVAILABLE when nobody knows; then the next code will do
   */
  async use(user: string, step: number): Promise<boolean> {
    const key = codeKey(step, user);
    const nonce = this.#random.hex(16);
    const answer = await this.#store.create(key, Buffer.from(JSON.stringify({ v: 1, nonce })));
    // A store may say so of what it has just written.
    const isOurs = answer === 'created' || (await this.#nonceOf(key)) === nonce;
    await this.#removeBefore(step - OTP_LIMITS.rememberedSteps);
    return isOurs;
  }

  async #nonceOf(key: CodeKey): Promise<unknown> {
    const bytes = await this.#store.get(key);
    const value = bytes && parseJson(bytes);
    return isObject(value) ? value['nonce'] : undefined;
  }

  /** Codes that are too old for every clock. */
  async #removeBefore(step: number): Promise<void> {
    const oldest = (await this.#store.list('codes/', { limit: OTP_LIMITS.removedAtOnce })) as readonly CodeKey[];
    for (const key of oldest) if (codeStep(key) < step) await this.#store.remove(key);
  }
}
