import { logOrigin, type NoteSigner, noteSigner, signRevocations } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import type { PackageIndex } from '../index/package-index.js';
import type { ServerKey } from '../keys/server-key.js';
import { LOG_LIMITS } from '../limits-log.js';
import type { Log } from './log.js';

/** What a list is made from. */
export interface SignedRevocationsOptions {
  readonly log: Log;
  readonly packages: PackageIndex;
  readonly key: ServerKey;
  readonly clock: Clock;
}

/** Signs what must not be used any more: keys that were revoked, and what was taken down. */
export class SignedRevocations {
  readonly #options: SignedRevocationsOptions;
  readonly #signer: NoteSigner;
  #signed = { seq: -1, sinceMs: 0, note: '' };

  constructor(options: SignedRevocationsOptions) {
    this.#options = options;
    this.#signer = noteSigner(logOrigin(options.log.registry), options.key.signingKey);
  }

  /** The list as a signed note. It is made once for each head, and again after a minute. */
  note(): string {
    const { log, packages, clock } = this.#options;
    const { seq, hash } = log.head();
    const nowMs = clock.elapsedMs();
    if (this.#signed.seq === seq && nowMs - this.#signed.sinceMs < LOG_LIMITS.signedAgainMs) return this.#signed.note;
    const time = new Date(clock.nowMs()).toISOString();
    const list = { registry: log.registry, seq, hash, time, ...packages.revoked() };
    this.#signed = { seq, sinceMs: nowMs, note: signRevocations(list, this.#signer) };
    return this.#signed.note;
  }
}
