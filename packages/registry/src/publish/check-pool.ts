// Archives are checked in threads: unpacking 20 MiB takes long enough to be felt by everybody whose request waits behind it, and an
// archive may be made to take longer. A thread that does not answer in time, or wants more memory than it may have, is ended with
// what it does, and the next archive gets a new one. The limit of memory is one of V8's heap: what lies outside of it, the archive
// and copies of its parts, is bounded by the archive's own limit.
//
// Handing an archive over takes as long as checking a small one, so that small ones that wait go together. When a thread ends over
// several, each of them is checked again by itself: only the one whose fault it was is refused.

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EbpmError } from '@ebpm/formats';
import { CHECK_LIMITS } from '../limits.js';
import type { CheckAnswer, CheckTask, Refusal } from './check-message.js';
import type { CheckedPackage, PackageClaim } from './check-package.js';

/** How a pool works; by default within `CHECK_LIMITS`. */
export interface CheckPoolOptions {
  readonly threads?: number;
  readonly timeoutMs?: number;
  readonly heapSizeMib?: number;
  /** What runs in the threads. */
  readonly file?: URL;
}

interface Job extends CheckTask {
  resolve(result: CheckedPackage): void;
  reject(error: Error): void;
}

/** Jobs that a thread is given together. */
type Batch = readonly [Job, ...Job[]];

/** The threads in which archives are checked. They are started when they are needed. */
export class CheckPool {
  readonly #options: Required<CheckPoolOptions>;
  readonly #waiting: Job[] = [];
  /** Jobs over which, together with others, a thread ended. */
  readonly #alone = new WeakSet<Job>();
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  /** Loading its modules is no part of the time that an archive may take. */
  readonly #ready = new WeakMap<Worker, Promise<void>>();
  #busy = 0;
  #soon: NodeJS.Immediate | undefined;
  #isClosed = false;

  constructor(options: CheckPoolOptions = {}) {
    const { timeoutMs, heapSizeMib, maxThreads } = CHECK_LIMITS;
    // One core stays with those who only read.
    const threads = Math.max(1, Math.min(maxThreads, availableParallelism() - 1));
    this.#options = { threads, timeoutMs, heapSizeMib, file: WORKER_FILE, ...options };
  }

  /** Archives that wait for a thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Checks an archive as `checkPackage` does. The thread is given a copy, unless the bytes lie in shared memory: they must not change
   * meanwhile.
   * @throws EBPM_PACKAGE_TOO_COSTLY, EBPM_REGISTRY_CLOSING, and what `checkPackage` throws
   */
  check(archive: Uint8Array, claim: PackageClaim): Promise<CheckedPackage> {
    if (this.#isClosed) return Promise.reject(closing());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ archive, claim, resolve, reject });
      // Others that have come at the same time are waiting for their turn in this turn of the event loop.
      this.#soon ??= setImmediate(() => {
        this.#soon = undefined;
        for (let i = 0; i < this.#options.threads; i++) this.#next();
      });
    });
  }

  /** Ends the threads; what is under way is refused. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closing());
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #next(): void {
    if (this.#busy === this.#options.threads) return;
    const batch = this.#takeBatch();
    if (batch === undefined) return;
    this.#busy++;
    void this.#run(batch).finally(() => {
      this.#busy--;
      this.#next();
    });
  }

  /** The first that waits, and small ones behind it. */
  #takeBatch(): Batch | undefined {
    const first = this.#waiting.shift();
    if (first === undefined) return undefined;
    let count = 0;
    let sizeBytes = first.archive.length;
    for (const job of this.#alone.has(first) ? [] : this.#waiting.slice(0, CHECK_LIMITS.together - 1)) {
      sizeBytes += job.archive.length;
      if (sizeBytes > CHECK_LIMITS.togetherSizeBytes || this.#alone.has(job)) break;
      count++;
    }
    return [first, ...this.#waiting.splice(0, count)];
  }

  async #run(batch: Batch): Promise<void> {
    const worker = this.#idle.pop() ?? this.#start();
    try {
      await this.#ready.get(worker);
      if (this.#isClosed) throw closing();
      const answers = await this.#answersOf(worker, batch);
      this.#idle.push(worker);
      for (const [i, job] of batch.entries()) settle(job, answers[i]);
    } catch (error) {
      this.#all.delete(worker);
      await worker.terminate();
      if (this.#isClosed || batch.length === 1) {
        for (const { reject } of batch) reject(this.#isClosed ? closing() : (error as Error));
        return;
      }
      for (const job of batch) this.#alone.add(job);
      this.#waiting.unshift(...batch);
    }
  }

  #start(): Worker {
    const { file, heapSizeMib } = this.#options;
    const worker = new Worker(file, {
      resourceLimits: { maxOldGenerationSizeMb: heapSizeMib, maxYoungGenerationSizeMb: 32 },
    });
    this.#ready.set(worker, ready(worker));
    this.#all.add(worker);
    return worker;
  }

  /** Rejects when the thread takes too long or too much, or ends. */
  #answersOf(worker: Worker, batch: Batch): Promise<readonly CheckAnswer[]> {
    const { timeoutMs, heapSizeMib } = this.#options;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => end(() => reject(tooCostly(batch[0], `it takes more than ${timeoutMs} ms`))),
        timeoutMs,
      );
      const onMessage = (answers: readonly CheckAnswer[]) => end(() => resolve(answers));
      const onError = (error: Error & { readonly code?: unknown }) => {
        const tooMuch = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        end(() => reject(tooMuch ? tooCostly(batch[0], `it takes more than ${heapSizeMib} MiB`) : error));
      };
      const onExit = () => end(() => reject(new Error('a checking thread ended by itself')));
      const end = (settle: () => void) => {
        clearTimeout(limit);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit).unref();
        settle();
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit).ref();
      worker.postMessage(batch.map(({ archive, claim }) => ({ archive: onItsOwn(archive), claim })));
    });
  }
}

/** A thread says so when it can take an archive. While it waits for one it keeps no process alive. */
async function ready(worker: Worker): Promise<void> {
  // A thread that cannot even start rejects this; one that was ended meanwhile has nothing to say.
  await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  worker.unref();
}

/** Tests run the sources, of which Node can start none in a thread: there it is the built file. */
const WORKER_FILE = new URL('./check-worker.js', import.meta.url.replace(/\/src\/publish\/[^/]*$/, '/dist/publish/'));

/** What is sent takes all of its buffer along, of which small archives may be parts only. */
function onItsOwn(archive: Uint8Array): Uint8Array {
  const { buffer } = archive;
  return buffer instanceof SharedArrayBuffer || buffer.byteLength === archive.length
    ? archive
    : new Uint8Array(archive);
}

function settle({ resolve, reject }: Job, answer: CheckAnswer | undefined): void {
  if (answer === undefined) reject(new Error('a checking thread left out an archive'));
  else if ('checked' in answer) resolve(answer.checked);
  else reject('failure' in answer ? new Error(answer.failure) : refused(answer.refusal));
}

function refused({ code, message, hint, data }: Refusal): EbpmError {
  return new EbpmError(code, message, { ...(hint !== undefined && { hint }), ...(data !== undefined && { data }) });
}

function tooCostly({ claim: { name, version } }: CheckTask, reason: string): EbpmError {
  const message = `Cannot publish "${name}@${version}": ${reason} to check its archive`;
  return new EbpmError('EBPM_PACKAGE_TOO_COSTLY', message, { hint: 'publish fewer and smaller files' });
}

function closing(): EbpmError {
  return new EbpmError('EBPM_REGISTRY_CLOSING', 'Cannot publish: the registry is shutting down');
}
