import type Database from 'better-sqlite3';
import { accountFold } from '../index/account-fold.js';
import { AccountIndex } from '../index/account-index.js';
import { packageFold } from '../index/package-fold.js';
import { PackageIndex } from '../index/package-index.js';
import { LOG_LIMITS } from '../limits-log.js';
import type { Entry } from '../log/entry.js';
import type { LogFold } from '../log/log-fold.js';
import { Permits } from '../publish/permits.js';
import type { LogName } from '../stores/keys.js';
import type { WalkedEntry } from './walk-log.js';

/** Folds both logs from their first entries into empty tables. */
export class FoldAgain {
  readonly packages: PackageIndex;
  readonly #folds: Readonly<Record<LogName, LogFold>>;

  constructor(database: Database.Database) {
    this.packages = new PackageIndex(database);
    this.#folds = {
      log: packageFold(database, this.packages, new Permits()),
      accounts: accountFold(database, new AccountIndex(database), new Permits()),
    };
  }

  /**
   * Folds entries as they come, up to and with entry `until`, which leaves the rest to the next call.
   * @param onEntry told of each before it is folded
   */
  async fold(
    log: LogName,
    entries: AsyncIterator<WalkedEntry, void>,
    { until, onEntry }: { readonly until: number; readonly onEntry: (entry: WalkedEntry) => void },
  ): Promise<void> {
    let batch: Entry[] = [];
    const fold = this.#folds[log];
    let seq = fold.position()?.seq ?? 0;
    while (seq < until) {
      const next = await entries.next();
      if (next.done === true) break;
      onEntry(next.value);
      batch.push(next.value.entry);
      ({ seq } = next.value.entry);
      if (batch.length < LOG_LIMITS.copiesAtOnce) continue;
      fold.apply(batch);
      batch = [];
    }
    if (batch.length > 0) fold.apply(batch);
  }
}
