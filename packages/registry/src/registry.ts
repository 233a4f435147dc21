import type { Accounts } from './accounts/accounts.js';
import type { Logins } from './accounts/logins.js';
import type { People } from './accounts/people.js';
import type { Rights } from './accounts/rights.js';
import type { TokenUses } from './accounts/token-uses.js';
import type { TrustedTokens } from './accounts/trusted-tokens.js';
import type { Blobs } from './blobs/blobs.js';
import type { Clock } from './clock.js';
import type { DownloadIndex } from './downloads/download-index.js';
import type { Downloads } from './downloads/downloads.js';
import type { ChangeFeed } from './feed/change-feed.js';
import type { AccountIndex } from './index/account-index.js';
import type { PackageIndex } from './index/package-index.js';
import type { SearchIndex } from './index/search-index.js';
import type { Log } from './log/log.js';
import type { SignedHead } from './log/signed-head.js';
import type { SignedRevocations } from './log/signed-revocations.js';
import type { Outbound } from './outbound.js';
import type { Permits } from './publish/permits.js';
import type { PopularNames } from './publish/popular-names.js';
import type { Store } from './stores/store.js';
import type { Upstreams } from './upstream/upstreams.js';
import type { Deliveries } from './webhooks/deliveries.js';
import type { WebhookBook } from './webhooks/webhook-book.js';

/** A replica: both logs of a store, what they add up to, and the blobs. `openRegistry` puts it together. */
export interface Registry {
  readonly log: Log;
  readonly accountsLog: Log;
  /** Where the public log is, signed. */
  readonly signedHead: SignedHead;
  /** What must not be used any more, signed. */
  readonly signedRevocations: SignedRevocations;
  /** What everything lies in. */
  readonly store: Store;
  readonly packages: PackageIndex;
  readonly search: SearchIndex;
  readonly accountIndex: AccountIndex;
  readonly accounts: Accounts;
  readonly people: People;
  readonly rights: Rights;
  readonly tokenUses: TokenUses;
  readonly trustedTokens: TrustedTokens;
  readonly logins: Logins;
  readonly permits: Permits;
  readonly popularNames: PopularNames;
  readonly blobs: Blobs;
  readonly feed: ChangeFeed;
  readonly webhooks: WebhookBook;
  readonly deliveries: Deliveries;
  readonly outbound: Outbound;
  readonly upstreams: Upstreams;
  readonly downloads: Downloads;
  readonly downloadIndex: DownloadIndex;
  readonly clock: Clock;
  /** Writes what waits (10 s at most), then ends. Safe to call twice. The store stays open. */
  close(): Promise<void>;
}
