import type { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { ENTRY_LIMITS, LOG_LIMITS } from '../limits-log.js';
import type { Random } from '../random.js';
import type { LogName } from '../stores/keys.js';
import type { Committed } from './committed.js';
import { unsettled } from './log-errors.js';
import type { NewOp } from './op.js';
import { opLines } from './write-entry.js';

/** An operation whose publisher waits for an answer. */
export interface Waiter {
  readonly op: NewOp;
  readonly salt: string;
  /** Its line, without LF. */
  readonly line: (auth: number) => string;
  /** The answer. */
  readonly done: Promise<Committed>;
}

interface Answers {
  /** Ends the time that the operation may wait. */
  readonly cancel: () => void;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: EbpmError) => void;
}

/**
 * The operations that wait, in the order in which they came. Each has an answer within 10 s; if that is only that nobody
 * knows, it leaves the queue, unless it stands in the entry under way, which may yet be written.
 */
export class WriteQueue {
  readonly #log: LogName;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #waiting = new Map<Waiter, Answers>();
  #queue: Waiter[] = [];

  constructor({ log, clock, random }: { readonly log: LogName; readonly clock: Clock; readonly random: Random }) {
    this.#log = log;
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether nothing waits for a place in an entry. */
  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Whether no more can be taken in. */
  get isFull(): boolean {
    return this.#waiting.size >= LOG_LIMITS.queuedOps;
  }

  /** Everyone without an answer, in the queue or in the entry under way. */
  get waiting(): readonly Waiter[] {
    return [...this.#waiting.keys()];
  }

  /**
   * Takes an operation in, outside of the queue.
   * @throws TypeError for a line of more than 16 KiB
   */
  admit(op: NewOp): Waiter {
    const salt = this.#random.hex(16);
    const line = opLines(op, salt);
    checkLine(line(ENTRY_LIMITS.maxSeq));
    let answers: Answers | undefined;
    const done = new Promise<Committed>((resolve, reject) => {
      const cancel = this.#clock.after(LOG_LIMITS.unsettledMs, () => this.#giveUp(waiter));
      answers = { resolve, reject, cancel };
    });
    const waiter: Waiter = { op, salt, line, done };
    if (answers !== undefined) this.#waiting.set(waiter, answers);
    return waiter;
  }

  /** Puts it at the end. */
  enqueue(waiter: Waiter): void {
    this.#queue.push(waiter);
  }

  /** Puts those who still wait back to the front, in their order: their entry lost its number to another. */
  putBack(waiters: readonly Waiter[]): void {
    this.#queue.unshift(...waiters.filter((waiter) => this.#waiting.has(waiter)));
  }

  /** Takes from the front what fits one entry. */
  take(auth: number): readonly Waiter[] {
    let sizeBytes = MAX_HEADER_SIZE_BYTES;
    let count = 0;
    for (const waiter of this.#queue.slice(0, ENTRY_LIMITS.ops)) {
      sizeBytes += Buffer.byteLength(waiter.line(auth)) + 1;
      if (sizeBytes > ENTRY_LIMITS.entrySizeBytes) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  /** Answers with success. */
  resolve(waiter: Waiter, committed: Committed): void {
    this.#leave(waiter)?.resolve(committed);
  }

  /** Answers with an error. */
  reject(waiter: Waiter, error: EbpmError): void {
    this.#leave(waiter)?.reject(error);
  }

  /** Empties the queue and answers everyone who waits with an error. */
  rejectAll(errorOf: (waiter: Waiter) => EbpmError): void {
    this.#queue = [];
    for (const waiter of this.waiting) this.reject(waiter, errorOf(waiter));
  }

  #leave(waiter: Waiter): Answers | undefined {
    const answers = this.#waiting.get(waiter);
    this.#waiting.delete(waiter);
    answers?.cancel();
    return answers;
  }

  #giveUp(waiter: Waiter): void {
    this.#queue = this.#queue.filter((queued) => queued !== waiter);
    this.reject(waiter, unsettled(this.#log));
  }
}

function checkLine(line: string): void {
  const sizeBytes = Buffer.byteLength(line);
  if (sizeBytes > ENTRY_LIMITS.opLineSizeBytes)
    throw new TypeError(`An operation of ${sizeBytes} bytes does not fit the log`);
}

/** The most that a header can take: 256 hashes, a writer's name of 64 characters, and the rest. */
const MAX_HEADER_SIZE_BYTES = 512 + 67 * ENTRY_LIMITS.ops;
