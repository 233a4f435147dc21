import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { LOG_LIMITS } from '../limits-log.js';
import type { LogName } from '../stores/keys.js';
import type { Committed } from './committed.js';
import type { Committer } from './committer.js';
import type { Position } from './entry.js';
import type { Follower } from './follower.js';
import type { HashHistory } from './hash-history.js';
import { behind, unsettled } from './log-errors.js';
import type { LogReader } from './log-reader.js';
import type { NewOp } from './op.js';

/** Whether a log can be written, and if not, why. */
export type LogHealth = { readonly ok: true } | { readonly ok: false; readonly error: EbpmError };

/** What a log is made of; `openLog` puts it together. */
export interface LogParts {
  readonly log: LogName;
  readonly identity: string;
  readonly registry: string;
  readonly reader: LogReader;
  readonly committer: Committer;
  readonly follower: Follower;
  readonly hashes: HashHistory;
  readonly clock: Clock;
}

/** What a reader says that it has seen, and how to stop waiting for it. */
export interface WaitForOptions {
  /** The first hex digits of the hash of the entry at that number. */
  readonly hashPrefix?: string;
  readonly signal?: AbortSignal;
}

/** An open log: it follows the store by itself and writes operations until it is closed. */
export class Log {
  readonly #parts: LogParts;

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /** The hash of entry 1. */
  get identity(): string {
    return this.#parts.identity;
  }

  /** The random id that the genesis operation gave the registry, 32 hex digits; the same in its accounts log. */
  get registry(): string {
    return this.#parts.registry;
  }

  /** The last entry that the fold has applied. */
  head(): Position {
    return this.#parts.reader.head;
  }

  /**
   * Writes an operation. When it resolves, the fold has applied it. Repeating what was written is a success.
   * @throws the fold's refusal; EBPM_REGISTRY_UNSETTLED when it is not known within 10 s whether it was written;
   * EBPM_LOG_BUSY, EBPM_REGISTRY_CLOSING, EBPM_STORE_REFUSED, EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW when it was not
   * @throws TypeError for a type that is not the log's and for a line of more than 16 KiB
   */
  commit(op: NewOp): Promise<Committed> {
    return this.#parts.committer.commit(op);
  }

  /**
   * Applies everything that was in the store when this was called.
   * @throws EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED, EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW
   */
  catchUp(): Promise<void> {
    return this.#parts.follower.catchUp();
  }

  /** Like `catchUp`, but at most ten times a second, which its callers share: for misses, which anyone can cause. */
  kick(): Promise<void> {
    return this.#parts.follower.kick();
  }

  /**
   * Waits, at most 5 s, until entry `seq` has been applied.
   * @throws EBPM_REGISTRY_BEHIND when it has not
   * @throws EBPM_REGISTRY_FORKED when that entry has another hash than the reader saw
   */
  async waitFor(seq: number, { hashPrefix, signal }: WaitForOptions = {}): Promise<void> {
    await this.#waitUntilApplied(seq, signal);
    if (hashPrefix === undefined) return;
    const hash = await this.#parts.hashes.at(seq);
    if (hash.startsWith(hashPrefix)) return;
    const { log } = this.#parts;
    const message = `Cannot answer from "${log}": entry ${seq} has the hash "${hash}", and the reader saw "${hashPrefix}"`;
    throw new EbpmError('EBPM_REGISTRY_FORKED', message, { data: { log, seq } });
  }

  /** Whether operations can be written. A log that cannot still serves what it has applied. */
  health(): LogHealth {
    const { reader, committer, follower, log } = this.#parts;
    const isUnsettled = committer.unsettledForMs() > LOG_LIMITS.unsettledMs;
    const isBehind = follower.behindForMs() > LOG_LIMITS.unsettledMs;
    const error =
      reader.stopped ??
      (isUnsettled ? unsettled(log) : (follower.failure() ?? (isBehind ? behind(log, reader.head.seq) : undefined)));
    return error === undefined ? { ok: true } : { ok: false, error };
  }

  /** Writes what waits (10 s at most) and ends. Safe to call twice. The store stays open. */
  async close(): Promise<void> {
    await this.#parts.committer.close();
    await this.#parts.follower.close();
  }

  async #waitUntilApplied(seq: number, signal: AbortSignal | undefined): Promise<void> {
    const { reader, follower, clock, log } = this.#parts;
    const untilMs = clock.elapsedMs() + LOG_LIMITS.minSeqWaitMs;
    while (reader.head.seq < seq) {
      await follower.kick();
      if (reader.head.seq >= seq) return;
      if (clock.elapsedMs() >= untilMs || signal?.aborted === true) {
        const message = `Cannot answer from "${log}": it is at entry ${reader.head.seq}, and the reader saw ${seq}`;
        throw new EbpmError('EBPM_REGISTRY_BEHIND', message, {
          hint: 'Repeat it in a few seconds',
          data: { log, seq },
        });
      }
      await clock.sleep(LOG_LIMITS.kickMs, signal);
    }
  }
}
