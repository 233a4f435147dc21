import { Accounts } from './accounts/accounts.js';
import { People } from './accounts/people.js';
import { TokenUses } from './accounts/token-uses.js';
import { systemClock } from './clock.js';
import { accountFold } from './index/account-fold.js';
import { AccountIndex } from './index/account-index.js';
import { openDatabase } from './index/open-database.js';
import { loadServerKey } from './keys/load-server-key.js';
import { openLog } from './log/open-log.js';
import { type OpenRegistryOptions, openRegistry } from './open-registry.js';
import { Permits } from './publish/permits.js';
import { systemRandom } from './random.js';
import { entryKey } from './stores/keys.js';

/** The accounts of a registry, without its packages. */
export interface OpenedAccounts {
  readonly accounts: Accounts;
  readonly tokenUses: TokenUses;
  /** Safe to call twice. The store stays open. */
  close(): Promise<void>;
}

/**
 * Opens the accounts of the registry on a store, making a registry in an empty store.
 * @throws what `openRegistry` throws
 */
export async function openAccounts(options: OpenRegistryOptions): Promise<OpenedAccounts> {
  const { store, keyFile, data, clock = systemClock, random = systemRandom } = options;
  if ((await store.head(entryKey('accounts', 1))) === undefined) await begin(options);
  const people = new People(store, await loadServerKey(store, keyFile), clock);
  const database = openDatabase(data);
  try {
    const index = new AccountIndex(database);
    const permits = new Permits();
    const fold = accountFold(database, index, permits);
    const log = await openLog({ store, log: 'accounts', fold, writer: random.hex(8), clock, random });
    const close = async () => {
      await log.close();
      database.close();
    };
    const isToken = (id: string) => index.token(id) !== undefined;
    const tokenUses = new TokenUses({ store, isToken, clock, random });
    return { accounts: new Accounts({ log, index, people, permits, clock, random }), tokenUses, close };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The accounts log bears the id of the public log, so that both begin together. */
async function begin(options: OpenRegistryOptions): Promise<void> {
  const registry = await openRegistry(options);
  await registry.close();
}
