import type { Log } from '../../src/log/log.js';
import { type OpenLogOptions, openLog } from '../../src/log/open-log.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { timedStore } from '../../src/stores/timed-store.js';
import { FakeClock } from './fake-clock.js';
import { seededRandom } from './seeded-random.js';
import { VersionFold } from './version-fold.js';

/** A log with the fold under it. */
export interface Replica {
  readonly log: Log;
  readonly fold: VersionFold;
}

/** One store, virtual time, and any number of replicas that know nothing of each other. */
export class LogWorld {
  readonly clock = new FakeClock();
  readonly store: Store = createMemoryStore();
  readonly #logs: Log[] = [];
  readonly #seed: number;

  constructor(seed = 1) {
    this.#seed = seed;
  }

  /** Opens another replica, on the store as it is or as `store` shows it to this one. */
  async open({ store = this.store, fold = new VersionFold(), ...options }: ReplicaOptions = {}): Promise<Replica> {
    const { clock } = this;
    const number = this.#logs.length + 1;
    const random = seededRandom(this.#seed * 1000 + number);
    const writer = `replica-${number}`;
    const timed = timedStore(store, clock);
    const log = await clock.run(openLog({ log: 'log', clock, random, writer, ...options, store: timed, fold }));
    this.#logs.push(log);
    return { log, fold };
  }

  /** Lets time pass until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T> {
    return this.clock.run(promise);
  }

  /** What somebody who comes new to the store sees. */
  async audit(): Promise<VersionFold> {
    const { log, fold } = await this.open();
    const health = log.health();
    if (!health.ok) throw health.error;
    return fold;
  }

  async close(): Promise<void> {
    for (const log of this.#logs) await this.run(log.close());
  }
}

export type ReplicaOptions = Partial<Omit<OpenLogOptions, 'fold'>> & { readonly fold?: VersionFold };
