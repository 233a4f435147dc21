import { type Clock, DAY_MS } from '../clock.js';
import { DOWNLOAD_LIMITS } from '../limits.js';
import { STORE_LIMITS } from '../limits-log.js';
import type { Random } from '../random.js';
import { registryNowMs } from '../registry-time.js';
import { allKeys } from '../stores/all-keys.js';
import { ignoreStoreError } from '../stores/ignore-store-error.js';
import { isStatsKey, type StatsKey, statsDay, statsDayPrefix, statsKey, statsSumKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { DownloadCounter } from './download-counter.js';
import type { DownloadIndex } from './download-index.js';
import { addDownloads, type DownloadCounts, readStatsFile, type StatsFile, writeStatsFile } from './stats-file.js';

/** What downloads are counted with. */
export interface DownloadsOptions {
  readonly store: Store;
  readonly index: DownloadIndex;
  /** The name and version that a digest (`sha256:<hex>`) belongs to. */
  readonly versionOf: (digest: string) => { readonly name: string; readonly version: string } | undefined;
  /** Called with packages whose downloads of late are others than before. */
  readonly onChange: (names: ReadonlySet<string>) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Counts downloads and adds up what all replicas counted. A replica writes what it has counted every minute, and when it ends, under a key of
 * its own; every replica reads the keys of the others. A day that is over is added up by whoever comes first.
 */
export class Downloads {
  readonly counter = new DownloadCounter();
  readonly #options: DownloadsOptions;
  readonly #replica: string;
  readonly #closing = new AbortController();
  #written = 0;
  #unwritten: { readonly key: StatsKey; readonly bytes: Uint8Array } | undefined;
  #loop: Promise<void> | undefined;
  #isWhole = false;

  constructor(options: DownloadsOptions) {
    this.#options = options;
    this.#replica = options.random.hex(8);
  }

  /** Begins to write and read by itself. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Downloads within the last 90 days, today included. */
  recent(name: string): number {
    return this.#options.index.since(name, this.today() - DOWNLOAD_LIMITS.recentDays + 1);
  }

  /** Days since 1970, UTC, by the registry's clock. */
  today(): number {
    return Math.floor(registryNowMs(this.#options) / DAY_MS);
  }

  /** Writes what was counted. A file that the store has not confirmed is written again, under the same key, before the next one. */
  async flush(): Promise<void> {
    this.#unwritten ??= this.#nextFile();
    if (this.#unwritten === undefined) return;
    const { key, bytes } = this.#unwritten;
    await this.#options.store.create(key, bytes);
    this.#unwritten = undefined;
  }

  /** Reads what is new in the store, and adds up days that are over. */
  async refresh(): Promise<void> {
    const { onChange } = this.#options;
    const files = await this.#list();
    const changed = new Set<string>();
    for (const [day, keys] of byDay(files)) {
      for (const name of await this.#readDay(day, keys)) changed.add(name);
      if (day < this.today() - 1) await this.#sumUp(day, keys);
    }
    for (const name of this.#options.index.namesOf(this.today() - DOWNLOAD_LIMITS.recentDays)) changed.add(name);
    this.#isWhole = true;
    if (changed.size > 0) await onChange(changed);
  }

  /** Writes what was counted and ends. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    await this.flush().catch(ignoreStoreError);
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#closing;
    for (let round = 0; !signal.aborted; round++) {
      const isTurn = round % DOWNLOAD_LIMITS.refreshEvery === 0;
      if (isTurn) await this.refresh().catch(ignoreStoreError);
      await clock.sleep(DOWNLOAD_LIMITS.flushMs * (0.75 + random.fraction() / 2), signal);
      await this.flush().catch(ignoreStoreError);
    }
  }

  #nextFile() {
    const downloads = this.#byVersion(this.counter.take());
    if (downloads.size === 0) return undefined;
    const key = statsKey(this.today(), this.#replica, ++this.#written);
    return { key, bytes: writeStatsFile({ downloads, of: [] }) };
  }

  #byVersion(counts: ReadonlyMap<string, number>): DownloadCounts {
    const all = [...counts].flatMap(([hex, count]) => {
      const of = this.#options.versionOf(`sha256:${hex}`);
      return of === undefined ? [] : [new Map([[of.name, new Map([[of.version, count]])]])];
    });
    return addDownloads(all);
  }

  /** All keys at first, later those of the days that are not added up yet. */
  async #list(): Promise<StatsKey[]> {
    const after = this.#isWhole ? statsDayPrefix(this.today() - DOWNLOAD_LIMITS.openDays) : undefined;
    const found: StatsKey[] = [];
    for await (const key of allKeys(this.#options.store, 'stats/', after)) if (isStatsKey(key)) found.push(key);
    return found;
  }

  /** A sum counts instead of the files that it is of; a file that came too late for it counts beside it. */
  async #readDay(day: number, keys: readonly StatsKey[]): Promise<readonly string[]> {
    const { index } = this.#options;
    const fresh = keys.filter((key) => !index.has(key));
    if (fresh.length === 0) return [];
    const sumKey = statsSumKey(day);
    const sum = fresh.includes(sumKey) ? await this.#read(sumKey) : undefined;
    const before = sum === undefined ? [] : index.forget(day);
    if (sum !== undefined) index.add(sumKey, day, sum.downloads, sum.of);
    const names: string[] = [...before];
    for (const key of keys) {
      if (index.has(key)) continue;
      const file = await this.#read(key);
      if (file === undefined) continue;
      index.add(key, day, file.downloads, file.of);
    }
    return [...names, ...index.namesOf(day)];
  }

  /** Writes the sum of a day, if nobody has; once it stands for a while, the files that it is of are removed. */
  async #sumUp(day: number, keys: readonly StatsKey[]): Promise<void> {
    const { store } = this.#options;
    const sumKey = statsSumKey(day);
    if (keys.includes(sumKey)) {
      const sum = await this.#read(sumKey);
      // A replica that has listed the files may be about to read them: they go a day after the sum came.
      if (sum === undefined || day >= this.today() - DOWNLOAD_LIMITS.openDays + 1) return;
      for (const key of keys) if (sum.of.includes(key)) await store.remove(key);
      return;
    }
    if (keys.length < 2) return;
    const files = await Promise.all(
      keys.slice(0, DOWNLOAD_LIMITS.summedFiles).map(async (key) => ({ key, file: await this.#read(key) })),
    );
    const read = files.flatMap(({ key, file }) => (file === undefined ? [] : [{ key, file }]));
    const downloads = addDownloads(read.map(({ file }) => file.downloads));
    const bytes = writeStatsFile({ downloads, of: read.map(({ key }) => key) });
    if (bytes.length <= STORE_LIMITS.statsSizeBytes) await store.create(sumKey, bytes);
  }

  async #read(key: StatsKey): Promise<StatsFile | undefined> {
    const bytes = await this.#options.store.get(key);
    return bytes && readStatsFile(bytes);
  }
}

function byDay(keys: readonly StatsKey[]): ReadonlyMap<number, readonly StatsKey[]> {
  const days = new Map<number, StatsKey[]>();
  for (const key of keys) days.set(statsDay(key), [...(days.get(statsDay(key)) ?? []), key]);
  return days;
}
