import { formatNoteKey, logOrigin, type NoteSigner, noteSigner, signCheckpoint } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import type { ServerKey } from '../keys/server-key.js';
import { LOG_LIMITS } from '../limits-log.js';
import type { Log } from './log.js';

/** Signs where the head of the public log is, with the registry's key, which all of its processes have. */
export class SignedHead {
  readonly #log: Log;
  readonly #signer: NoteSigner;
  readonly #clock: Clock;
  #signed = { seq: -1, sinceMs: 0, note: '', header: '' };

  constructor(log: Log, key: ServerKey, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#signer = noteSigner(logOrigin(log.registry), key.signingKey);
  }

  /** What checks the signatures, in the form of signed notes. */
  key(): string {
    return formatNoteKey(this.#signer.key);
  }

  /** The checkpoint as a signed note. It is signed once for each head, and again after a minute. */
  note(): string {
    return this.#current().note;
  }

  /** The same in base64, as the header `ebpm-checkpoint` carries it. */
  header(): string {
    return this.#current().header;
  }

  #current() {
    const { seq, hash } = this.#log.head();
    const nowMs = this.#clock.elapsedMs();
    if (this.#signed.seq === seq && nowMs - this.#signed.sinceMs < LOG_LIMITS.signedAgainMs) return this.#signed;
    const time = new Date(this.#clock.nowMs()).toISOString();
    const note = signCheckpoint({ registry: this.#log.registry, seq, hash, time }, this.#signer);
    this.#signed = { seq, sinceMs: nowMs, note, header: Buffer.from(note).toString('base64') };
    return this.#signed;
  }
}
