import type { Accounts } from '../accounts/accounts.js';
import type { TokenUses } from '../accounts/token-uses.js';
import { systemClock } from '../clock.js';
import { resolveSettings } from '../config/resolve-settings.js';
import { settingFlags } from '../config/setting-flags.js';
import type { Settings } from '../config/settings.js';
import { openAccounts } from '../open-accounts.js';
import { type OpenRegistryOptions, openRegistry } from '../open-registry.js';
import { systemRandom } from '../random.js';
import type { Registry } from '../registry.js';
import { openStore } from '../stores/open.js';
import type { S3Credentials } from '../stores/s3.js';
import type { Store } from '../stores/store.js';
import type { CommandInput } from './command.js';
import type { CommandContext } from './command-context.js';
import { usageError } from './usage-error.js';

/** The flags of every command that opens a registry. */
export const STORE_FLAGS = settingFlags(['store', 'keyFile']);

/** What becomes of a store without a registry. */
interface StoreUse {
  /** Whether it may become a new registry; default: it is refused. */
  readonly mayMake?: boolean;
}

/**
 * Opens the store that the settings name, does something with it, and closes it.
 * @throws EBPM_REGISTRY_USAGE without a store; what `resolveSettings` and `openStore` throw
 */
export async function withStore<T>(
  { flags }: CommandInput,
  { env }: CommandContext,
  use: (options: OpenRegistryOptions, settings: Settings) => Promise<T>,
  how: StoreUse = {},
): Promise<T> {
  const { settings } = await resolveSettings({ flags, env });
  const { keyFile } = settings;
  return withStoreAt(storeAddress(settings), settings, (store) => use({ store, keyFile }, settings), how);
}

/**
 * Opens a store by its address, with the credentials of the settings, does something with it, and closes it.
 * @throws what `openStore` throws
 */
export async function withStoreAt<T>(
  address: string,
  settings: Settings,
  use: (store: Store) => Promise<T>,
  { mayMake = false }: StoreUse = {},
): Promise<T> {
  const credentials = s3Credentials(settings);
  const store = await openStore(address, {
    clock: systemClock,
    random: systemRandom,
    mustExist: !mayMake,
    ...(credentials !== undefined && { s3Credentials: credentials }),
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Opens the accounts of the store that the settings name, does something with them, and closes it all. */
export function withAccounts<T>(
  input: CommandInput,
  context: CommandContext,
  use: (accounts: Accounts, tokenUses: TokenUses) => Promise<T>,
  how: StoreUse = {},
): Promise<T> {
  const useStore = async (options: OpenRegistryOptions) => {
    const { accounts, tokenUses, close } = await openAccounts(options);
    try {
      return await use(accounts, tokenUses);
    } finally {
      await close();
    }
  };
  return withStore(input, context, useStore, how);
}

/** Opens the whole registry of the store that the settings name, does something with it, and closes it all. */
export function withRegistry<T>(
  input: CommandInput,
  context: CommandContext,
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  return withStore(input, context, async (options) => {
    const registry = await openRegistry(options);
    try {
      return await use(registry);
    } finally {
      await registry.close();
    }
  });
}

/**
 * Where everything is kept; there is no default for it.
 * @throws EBPM_REGISTRY_USAGE
 */
export function storeAddress({ store }: Settings): string {
  if (store === undefined) throw usageError('it needs --store', 'try --store file:DIR');
  return store;
}

/** The credentials of the settings, if both parts are there. */
export function s3Credentials(settings: Settings): S3Credentials | undefined {
  const { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey, awsSessionToken: sessionToken } = settings;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
