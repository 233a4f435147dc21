import { EbpmError } from '@ebpm/formats';

/** Lets a bounded number of streams be sent at once. */
export class StreamSlots {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a place. @returns how to give it back, once @throws EBPM_REGISTRY_OVERLOADED */
  take(): () => void {
    if (this.#taken >= this.#most) {
      const message = `Cannot stream changes: ${this.#most} streams are being sent already`;
      throw new EbpmError('EBPM_REGISTRY_OVERLOADED', message, { hint: 'poll /api/v1/changes' });
    }
    this.#taken++;
    return () => void this.#taken--;
  }
}
