import { type LoadedObject, type RefusalCounter, type RunningObject, RunStatistics } from '@ebpm/loader';
import { MAX_COUNTED_ENTRIES } from '../limits.js';
import type { SessionEnd } from '../session/first-end.js';
import type { Stream } from '../session/stream.js';
import { BUDGET_WINDOW_MS, BudgetWindow } from './budget-window.js';
import type { Ledger } from './ledger.js';
import { type LiveCounts, liveCounts } from './live-counts.js';
import { makeLedger, type Refusals, type UnreadBuffer } from './make-ledger.js';
import { monotonicMs } from './monotonic-ms.js';
import { tryCountRefusals } from './try-count-refusals.js';

/** How closely losses are watched. */
export interface LossOptions {
  /**
   * `exact` counts what ring buffers and hash maps refuse, with programs of our own that cost something for every entry;
   * `plain`, the default, does not.
   */
  readonly ledger?: 'plain' | 'exact' | undefined;
  /** Called every second. It turns run statistics on, which slow every eBPF program of the machine a little. */
  readonly onStats?: ((counts: LiveCounts) => void) | undefined;
  /** Share of one core that the programs may take over a second: 0.01 is one per cent. It turns run statistics on. */
  readonly budget?: number | undefined;
}

/** What runs, and is watched. */
interface Watched {
  readonly running: RunningObject;
  readonly streams: readonly Stream[];
  readonly unread: readonly UnreadBuffer[];
  readonly startedMs: number;
}

/** Follows what a session loses, from before its programs are attached until after they are detached. */
export class LossWatch {
  /** Resolves when the programs have taken more than their budget. */
  readonly overBudget: Promise<void>;
  readonly #options: LossOptions;
  readonly #statistics: RunStatistics | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  #exceed: () => void = () => {};
  #counter: RefusalCounter | undefined;
  #uncountable: string | undefined;
  #refusals: Refusals = { kind: 'not asked' };
  #full: ReadonlyMap<string, boolean> = new Map();
  #watched: Watched | undefined;
  #durationMs = 0;

  /** @throws EBPM_RUN_STATISTICS_UNAVAILABLE */
  constructor(options: LossOptions) {
    this.#options = options;
    this.overBudget = new Promise((resolve) => {
      this.#exceed = resolve;
    });
    const wantsRunTime = options.onStats !== undefined || options.budget !== undefined;
    this.#statistics = wantsRunTime ? RunStatistics.enable() : undefined;
  }

  /** Before the programs are attached. Where refusals cannot be counted, the ledger says why. */
  beforeAttach(loaded: LoadedObject): void {
    if (this.#options.ledger !== 'exact') return;
    const { counter, uncountable } = tryCountRefusals(loaded);
    this.#counter = counter;
    this.#uncountable = uncountable;
  }

  /** Once the programs are attached and their streams are open. */
  begin(parts: Omit<Watched, 'startedMs'>): void {
    const watched = { ...parts, startedMs: monotonicMs() };
    this.#watched = watched;
    const { onStats, budget } = this.#options;
    if (onStats !== undefined) {
      this.#every(STATS_INTERVAL_MS, () => onStats(liveCounts({ ...watched, refused: this.#refusedSoFar() })));
    }
    if (budget !== undefined) {
      const window = new BudgetWindow(budget);
      this.#every(BUDGET_WINDOW_MS / 10, () => {
        const { runTimeNs } = liveCounts({ ...watched, refused: undefined });
        if (window.add(monotonicMs(), runTimeNs) !== undefined) this.#exceed();
      });
    }
  }

  /** When the programs have been detached, and before the streams are closed: a sampled map may be emptied by that. */
  afterDetach(): void {
    if (this.#watched === undefined) return;
    const { running, startedMs } = this.#watched;
    this.#durationMs = monotonicMs() - startedMs;
    for (const timer of this.#timers) clearInterval(timer);
    this.#refusals = this.#readRefusals();
    if (this.#refusals.kind !== 'counted') this.#full = fullMaps(running);
  }

  /** When the streams have been closed, and before the object is. */
  ledger(name: string, ended: SessionEnd): Ledger {
    const { running, streams, unread } = this.#watched ?? { running: undefined, streams: [], unread: [] };
    return makeLedger({
      package: name,
      ended,
      durationMs: this.#durationMs,
      streams: streams.map((stream) => stream.totals()),
      unread,
      programs: running?.programCounts() ?? [],
      countsRuns: this.#statistics !== undefined,
      refusals: this.#refusals,
      full: this.#full,
    });
  }

  /** Takes our own programs out of the kernel and turns statistics off. Safe to call twice. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#counter?.close();
    this.#statistics?.close();
  }

  #every(ms: number, action: () => void): void {
    this.#timers.push(setInterval(action, ms));
  }

  #refusedSoFar(): ReadonlyMap<string, bigint> | undefined {
    return this.#counter?.counts;
  }

  #readRefusals(): Refusals {
    if (this.#uncountable !== undefined) return { kind: 'uncountable', reason: this.#uncountable };
    if (this.#options.ledger !== 'exact') return { kind: 'not asked' };
    // Without a counter there is no map that could refuse anything.
    return { kind: 'counted', byMap: this.#counter?.counts ?? new Map(), missed: this.#counter?.missed ?? 0n };
  }
}

const STATS_INTERVAL_MS = 1000;

/**
 * BPF_MAP_TYPE_HASH and _PERCPU_HASH: what refuses new keys when it is full. LRU maps make room instead.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h enum bpf_map_type
 */
const HASHES: readonly number[] = [1, 5];

/** Whether hash maps are full now; larger ones are not looked at, since that takes a system call for each entry. */
function fullMaps(running: RunningObject): ReadonlyMap<string, boolean> {
  const looked = running.maps.filter(
    ({ type, maxEntries }) => HASHES.includes(type) && maxEntries > 0 && maxEntries <= MAX_COUNTED_ENTRIES,
  );
  return new Map(looked.map(({ name, maxEntries }) => [name, running.countEntries(name, maxEntries) >= maxEntries]));
}
