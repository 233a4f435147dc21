import { tmpdir } from 'node:os';
import { Accounts } from './accounts/accounts.js';
import { Logins } from './accounts/logins.js';
import { Passwords } from './accounts/password.js';
import { People } from './accounts/people.js';
import { Rights } from './accounts/rights.js';
import { Throttle } from './accounts/throttle.js';
import { TokenUses } from './accounts/token-uses.js';
import { TrustedTokens } from './accounts/trusted-tokens.js';
import { UsedCodes } from './accounts/used-codes.js';
import { createBlobs } from './blobs/blobs.js';
import { type Clock, systemClock } from './clock.js';
import { DownloadIndex } from './downloads/download-index.js';
import { Downloads } from './downloads/downloads.js';
import { updateRanks } from './downloads/update-ranks.js';
import { ChangeFeed } from './feed/change-feed.js';
import { RecentChanges } from './feed/recent-changes.js';
import { accountFold } from './index/account-fold.js';
import { AccountIndex } from './index/account-index.js';
import { packageFold } from './index/package-fold.js';
import { PackageIndex } from './index/package-index.js';
import { PositionIndex } from './index/position-index.js';
import { SearchIndex } from './index/search-index.js';
import { loadServerKey } from './keys/load-server-key.js';
import { type Entry, type Position, START } from './log/entry.js';
import type { Log } from './log/log.js';
import { openLog } from './log/open-log.js';
import { SignedHead } from './log/signed-head.js';
import { SignedRevocations } from './log/signed-revocations.js';
import { Outbound } from './outbound.js';
import { Permits } from './publish/permits.js';
import { PopularNames } from './publish/popular-names.js';
import { type Random, systemRandom } from './random.js';
import type { Registry } from './registry.js';
import { registryNowMs } from './registry-time.js';
import { Archiver } from './snapshots/archiver.js';
import { openTables } from './snapshots/open-tables.js';
import type { Store } from './stores/store.js';
import { type UpstreamSetting, Upstreams } from './upstream/upstreams.js';
import { registryVersion } from './version.js';
import { Deliveries } from './webhooks/deliveries.js';
import { DeliveryNotes } from './webhooks/delivery-notes.js';
import { WebhookBook } from './webhooks/webhook-book.js';

/** What a replica is made from. */
export interface OpenRegistryOptions {
  readonly store: Store;
  /** The file of the server's key; it is made when the store has no people yet. */
  readonly keyFile: string;
  /** A directory for the index, of this process alone; without one the index is temporary and folded anew. */
  readonly data?: string | undefined;
  /** Whether it writes segments, snapshots and uses of tokens when they are due, as a server does. Default false. */
  readonly archives?: boolean;
  /** Told what an operator should know and nobody waits for. */
  readonly onWarning?: (message: string) => void;
  /** How whoever is outside is reached: issuers, receivers of webhooks, upstreams; by default nothing private is. It is closed with the registry. */
  readonly outbound?: Outbound;
  /** Other registries that are asked for packages which nobody here has. Default none. */
  readonly upstreams?: readonly UpstreamSetting[];
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Opens the registry on a store, making one in an empty store, and reads all of its logs.
 * @throws EBPM_REGISTRY_KEY_MISSING, EBPM_REGISTRY_KEY_WRONG, EBPM_REGISTRY_KEY_INVALID, EBPM_REGISTRY_DATA_BUSY, and what
 * `openLog` throws
 */
export async function openRegistry(options: OpenRegistryOptions): Promise<Registry> {
  const { store, keyFile, data, clock = systemClock, random = systemRandom, onWarning = ignore } = options;
  const key = await loadServerKey(store, keyFile);
  const people = new People(store, key, clock);
  const database = await openTables({ store, data, onWarning });
  const packages = new PackageIndex(database);
  const accountIndex = new AccountIndex(database);
  const permits = new Permits();
  const outbound = options.outbound ?? new Outbound({ userAgent: `ebpm-registry/${registryVersion()}` });
  const logs = new OpenedLogs();
  const shared = { store, writer: random.hex(8), clock, random };
  const head = () => logs.head();
  const archiver = new Archiver({ ...shared, database, folder: data ?? tmpdir(), head, onWarning });
  const downloadIndex = new DownloadIndex(database);
  const downloads: Downloads = new Downloads({
    store,
    index: downloadIndex,
    versionOf: (digest) => versionOf(packages, digest),
    onChange: (names) =>
      updateRanks(database, packages, new Map([...names].map((name) => [name, downloads.recent(name)]))),
    clock,
    random,
  });
  const isToken = (id: string) => accountIndex.token(id) !== undefined;
  const tokenUses = new TokenUses({ store, isToken, clock, random });
  const positions = new PositionIndex(database, 'log');
  const isVoid = (seq: number, index: number) => positions.isVoid(seq, index);
  const recent = new RecentChanges(isVoid);
  const onEntry = (entry: Entry) => {
    if (options.archives === true) archiver.note(entry);
    recent.note(entry);
  };
  let deliveries: Deliveries | undefined;
  const close = async () => {
    await deliveries?.close();
    await outbound.close();
    await archiver.close();
    await downloads.close();
    await tokenUses.close();
    await logs.close();
    database.close();
  };
  try {
    const authority = { catchUp: () => logs.accounts().catchUp(), head: () => logs.accounts().head() };
    const fold = packageFold(database, packages, permits);
    const log = logs.add(await openLog({ ...shared, log: 'log', fold, authority, onEntry }));
    recent.start(log.head().seq);
    const accountsFold = accountFold(database, accountIndex, permits);
    const { registry } = log;
    const accountsLog = logs.add(await openLog({ ...shared, log: 'accounts', fold: accountsFold, registry }));
    if (options.archives === true) {
      archiver.start();
      tokenUses.start();
    }
    downloads.start();
    const feed = new ChangeFeed({ store, log, recent, isVoid });
    const webhooks = new WebhookBook({ store, key, clock, random });
    const notes = new DeliveryNotes(store, clock, shared.writer);
    const rights = new Rights(packages, accountIndex);
    const mayRead = (owner: string, name: string) => {
      const state = packages.package(name);
      return state !== undefined && rights.canRead(owner, state);
    };
    deliveries = new Deliveries({ book: webhooks, notes, feed, outbound, clock, mayRead });
    if (options.archives === true) deliveries.start();
    const blobs = createBlobs(store);
    const isOurs = async (name: string) => packages.hasScopeOf(name) || (await isUsersScope(people, name));
    const upstreams = new Upstreams({ settings: options.upstreams ?? [], store, blobs, outbound, clock, isOurs });
    return {
      log,
      accountsLog,
      signedHead: new SignedHead(log, key, clock),
      signedRevocations: new SignedRevocations({ log, packages, key, clock }),
      store,
      packages,
      search: new SearchIndex(database, packages),
      accountIndex,
      accounts: new Accounts({ log: accountsLog, index: accountIndex, people, permits, clock, random }),
      people,
      rights,
      tokenUses,
      trustedTokens: new TrustedTokens({ outbound, accounts: accountIndex, registry, clock }),
      logins: new Logins({
        people,
        accounts: accountIndex,
        passwords: new Passwords(),
        throttle: new Throttle({ store, key, clock }),
        usedCodes: new UsedCodes(store, random),
        nowMs: () => registryNowMs({ clock, store }),
      }),
      permits,
      popularNames: new PopularNames(database, clock),
      blobs,
      upstreams,
      feed,
      webhooks,
      deliveries,
      outbound,
      downloads,
      downloadIndex,
      clock,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nobody wants to know. */
function ignore(): void {}

/** The scope of a name belongs to the user of the same name, whether or not he has published. */
async function isUsersScope(people: People, name: string): Promise<boolean> {
  const scope = /^@([^/]+)\//.exec(name)?.[1];
  return scope !== undefined && (await people.find(scope)) !== undefined;
}

function versionOf(packages: PackageIndex, digest: string) {
  const [holder] = packages.holders(digest);
  return holder && { name: holder.name, version: holder.identity };
}

/** The public log first, then the accounts log, which every write to the first one asks. */
class OpenedLogs {
  readonly #logs: Log[] = [];

  add(log: Log): Log {
    this.#logs.push(log);
    return log;
  }

  /** Where the public log is. */
  head(): Position {
    return this.#logs[0]?.head() ?? START;
  }

  /** Nothing is written to the public log before both are open. */
  accounts(): Log {
    const [, accounts] = this.#logs;
    if (accounts === undefined) throw new TypeError('the accounts log is not open yet');
    return accounts;
  }

  /** The public log may still write, and ask the accounts log, until it is closed. */
  async close(): Promise<void> {
    for (const log of this.#logs) await log.close();
  }
}
