import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import { openDirectoryStore } from './directory.js';
import { createMemoryStore } from './memory.js';
import { probeStore } from './probe-store.js';
import { noRegistry, requireRegistry } from './require-registry.js';
import { openS3Store, type S3Credentials } from './s3.js';
import { s3Place } from './s3-place.js';
import type { Store } from './store.js';
import { badAddress } from './store-address.js';
import { StoreError } from './store-error.js';
import { timedStore } from './timed-store.js';

/** What a store needs besides its address. */
export interface OpenStoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** For `s3:` only. */
  readonly s3Credentials?: S3Credentials;
  /** Whether a place without a registry is refused, and left as it is, instead of becoming an empty store. Default false. */
  readonly mustExist?: boolean;
}

type Open = (options: OpenStoreOptions) => Promise<Store>;

/** The kinds of store, by the scheme of their address; each reads the rest of it. */
const STORES: ReadonlyMap<string, (address: string, credentials: S3Credentials | undefined) => Open> = new Map([
  ['file', fileOpener],
  ['memory', () => async () => createMemoryStore()],
  ['s3', s3Opener],
]);

/**
 * Opens a store and makes sure that it can keep a registry: `file:DIR`, `memory:`,
 * `s3://BUCKET[/PREFIX][?endpoint=URL&region=REGION]` (without endpoint AWS itself; region us-east-1 by default).
 * @throws EBPM_STORE_URL when the address is not one of these, or credentials are missing
 * @throws EBPM_STORE_EMPTY when it must hold a registry and does not
 * @throws EBPM_STORE_UNSUITABLE, EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function openStore(address: string, options: OpenStoreOptions): Promise<Store> {
  const store = timedStore(await storeOpener(address, options.s3Credentials)(options), options.clock);
  try {
    if (options.mustExist === true) await requireRegistry(store);
    await probeStore(store, options.random);
  } catch (error) {
    await store.close();
    throw error instanceof StoreError ? unusable(store.name, error) : error;
  }
  return store;
}

/** The error of a store that failed when it was tried, with its name and what to look at. */
function unusable(name: string, error: StoreError): EbpmError {
  const { code, message, data = {}, hint = name.startsWith('s3:') ? s3Hint(error) : undefined } = error;
  return new EbpmError(code, `Cannot use the store "${name}": ${message.replace(/^Cannot /, 'cannot ')}`, {
    cause: error,
    data,
    ...(hint !== undefined && { hint }),
  });
}

function s3Hint({ outcome, data }: StoreError): string {
  if (data?.['name'] === 'NoSuchBucket') return 'Make the bucket, or correct its name in --store';
  if (outcome === 'ambiguous') return 'Look whether the endpoint can be reached from here, and is that of the store';
  return 'Look at the credentials, and at what they may do in the bucket';
}

/**
 * What opens the store at an address; nothing is opened yet.
 * @throws EBPM_STORE_URL
 */
export function storeOpener(address: string, credentials?: S3Credentials): Open {
  const opener = STORES.get(address.slice(0, Math.max(address.indexOf(':'), 0)));
  if (opener === undefined) throw badAddress(address, 'it names no kind of store');
  return opener(address, credentials);
}

/** A path as it is written, relative to the working directory; `file:///srv/x` is `/srv/x` as well. */
function fileOpener(address: string): Open {
  const path = address.replace(/^file:(?:\/\/(?=\/))?/, '');
  if (path === '') throw badAddress(address, 'it names no directory');
  // A shell replaces "~" only where a word begins.
  if (/^~(?:\/|$)/.test(path)) throw badAddress(address, '"~" stands for nothing there, write "$HOME" instead');
  return async ({ clock, random, mustExist = false }) => {
    // To open it is to make it.
    if (mustExist && !['log', 'accounts'].some((name) => existsSync(join(path, name))))
      throw noRegistry(`file:${resolve(path)}`);
    return openDirectoryStore({ path, clock, random });
  };
}

function s3Opener(address: string, credentials: S3Credentials | undefined): Open {
  const place = s3Place(address);
  if (credentials === undefined)
    throw badAddress(
      address,
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set',
      'Set both in the environment; a file of them is read by: set -a; . FILE; set +a',
    );
  return ({ clock }) => openS3Store({ ...place, credentials, clock });
}
