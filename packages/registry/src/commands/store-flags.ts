import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Accounts } from '../accounts/accounts.js';
import { systemClock } from '../clock.js';
import { openAccounts } from '../open-accounts.js';
import type { OpenRegistryOptions } from '../open-registry.js';
import { systemRandom } from '../random.js';
import { openStore } from '../stores/open.js';
import type { S3Credentials } from '../stores/s3.js';
import type { CommandInput, Flag } from './command.js';
import type { CommandContext } from './command-context.js';
import { usageError } from './usage-error.js';

/** The flags of every command that opens a registry. */
export const STORE_FLAGS = {
  store: {
    value: 'STORE',
    description: 'where everything is kept: file:DIR, memory: or s3://BUCKET/PREFIX (required)',
  },
  'key-file': {
    value: 'FILE',
    description:
      'the key that encrypts names of people (default: $EBPM_REGISTRY_KEY_FILE, else ~/.config/ebpm-registry/key)',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/**
 * Opens the store that the flags name, does something with it, and closes it.
 * @throws EBPM_REGISTRY_USAGE without --store; what `openStore` throws
 */
export async function withStore<T>(
  { flags }: CommandInput,
  { env }: CommandContext,
  use: (options: OpenRegistryOptions) => Promise<T>,
): Promise<T> {
  const { store: address, 'key-file': keyFile = env['EBPM_REGISTRY_KEY_FILE'] || defaultKeyFile(env) } = flags;
  if (address === undefined) throw usageError('it needs --store', 'try --store file:DIR');
  const s3Credentials = credentialsIn(env);
  const store = await openStore(String(address), {
    clock: systemClock,
    random: systemRandom,
    ...(s3Credentials !== undefined && { s3Credentials }),
  });
  try {
    return await use({ store, keyFile: String(keyFile) });
  } finally {
    await store.close();
  }
}

/** Opens the accounts of the store that the flags name, does something with them, and closes it all. */
export function withAccounts<T>(
  input: CommandInput,
  context: CommandContext,
  use: (accounts: Accounts) => Promise<T>,
): Promise<T> {
  return withStore(input, context, async (options) => {
    const { accounts, close } = await openAccounts(options);
    try {
      return await use(accounts);
    } finally {
      await close();
    }
  });
}

/** XDG Base Directory Specification 0.8: configuration lies in $XDG_CONFIG_HOME, else in ~/.config; relative paths do not count. */
function defaultKeyFile(env: CommandContext['env']): string {
  const config = env['XDG_CONFIG_HOME'];
  const base = config?.startsWith('/') ? config : join(env['HOME'] ?? homedir(), '.config');
  return join(base, 'ebpm-registry', 'key');
}

function credentialsIn(env: CommandContext['env']): S3Credentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
