import { EbpmError } from '@ebpm/formats';
import { createBlobs } from '../blobs/blobs.js';
import { readEntry } from '../log/read-entry.js';
import { allKeys } from '../stores/all-keys.js';
import { inParallel } from '../stores/in-parallel.js';
import {
  type BlobKey,
  type DeliveryKey,
  entryKey,
  type KeyPrefix,
  type LogName,
  type PersonKey,
  type StoreKey,
  type WebhookKey,
} from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { digestOfBlob } from './digest-of-blob.js';
import { walkLog } from './walk-log.js';

/** How much was copied; the rest was there. */
export interface Copied {
  readonly entries: Readonly<Record<LogName, number>>;
  readonly people: number;
  readonly blobs: number;
}

/**
 * Copies a registry into another store, which must be empty or hold an earlier state of it: then only what came since. Servers may
 * go on writing meanwhile. What is copied is one state: first the log, so that every archive that it names is there afterwards, then
 * the accounts, which the log's operations point into. People who were erased and webhooks that were removed are not in the copy any
 * more.
 *
 * Segments and snapshots are left behind: they are made anew. So are attempts to log in and codes that were used, which mean nothing
 * an hour later.
 * @throws EBPM_COPY_MISMATCH when the other store holds something else; EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW,
 * EBPM_BLOB_DAMAGED, EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function copyRegistry(from: Store, to: Store): Promise<Copied> {
  // Before the log: places in it that they name are then in the copy.
  await copyDeliveries(from, to);
  await copyExactly(from, to, 'webhooks/');
  const log = await copyLog(from, to, 'log');
  const accounts = await copyLog(from, to, 'accounts');
  const people = await copyExactly(from, to, 'people/');
  for (const prefix of ['stats/', 'uses/', 'upstream/'] as const) await copyAll(from, to, prefix);
  const blobs = await copyBlobs(from, to);
  return { entries: { log, accounts }, people, blobs };
}

async function copyLog(from: Store, to: Store, log: LogName): Promise<number> {
  const present = await lastEntry(to, log);
  let copied = 0;
  let last = 0;
  for await (const { entry, bytes } of walkLog(from, log)) {
    last = entry.seq;
    if (present !== undefined && last < present.seq) continue;
    if (last === present?.seq) {
      if (entry.hash !== present.hash) throw mismatch(to, log, last, 'it has another one there');
      continue;
    }
    const answer = await to.create(entryKey(log, last), bytes);
    if (answer === 'exists') throw mismatch(to, log, last, 'somebody else writes there');
    copied++;
  }
  if (present !== undefined && present.seq > last) throw mismatch(to, log, present.seq, 'it is only there');
  return copied;
}

/** The last entry of a copy; entries are copied in order, so that those before it are there. */
async function lastEntry(store: Store, log: LogName): Promise<{ seq: number; hash: string } | undefined> {
  let last: StoreKey | undefined;
  for await (const key of allKeys(store, `${log}/`)) last = key;
  if (last === undefined) return undefined;
  const seq = Number(last.slice(log.length + 1));
  const bytes = await store.get(last);
  return bytes && { seq, hash: readEntry(bytes, { log, seq, prev: undefined }).hash };
}

/** Copies what is there, and removes from the copy what is there no more. */
async function copyExactly(from: Store, to: Store, prefix: 'people/' | 'webhooks/'): Promise<number> {
  const before: StoreKey[] = [];
  for await (const key of allKeys(to, prefix)) before.push(key);
  const kept = new Set<StoreKey>();
  const copied = await copyAll(from, to, prefix, (key) => kept.add(key));
  await inParallel(before, async (key) => {
    if (!kept.has(key)) await to.remove(key as PersonKey | WebhookKey);
  });
  return copied;
}

/**
 * Copies what is there. What was put together from other files meanwhile (downloads, uses, records of upstreams) stays in the copy beside
 * them, and counts once.
 */
async function copyAll(
  from: Store,
  to: Store,
  prefix: KeyPrefix,
  onKey: (key: StoreKey) => void = () => undefined,
): Promise<number> {
  let copied = 0;
  await inParallel(allKeys(from, prefix), async (key) => {
    onKey(key);
    if ((await to.head(key)) !== undefined) return;
    const bytes = await from.get(key);
    if (bytes === undefined) return;
    await to.create(key, bytes);
    copied++;
  });
  return copied;
}

/** How far the deliveries to webhooks are: only the last note says so. */
async function copyDeliveries(from: Store, to: Store): Promise<void> {
  let last: DeliveryKey | undefined;
  for await (const key of allKeys(from, 'deliveries/')) last = key as DeliveryKey;
  const bytes = last && (await from.get(last));
  if (last === undefined || bytes === undefined) return;
  await to.create(last, bytes);
  for await (const key of allKeys(to, 'deliveries/')) if (key < last) await to.remove(key as DeliveryKey);
}

async function copyBlobs(from: Store, to: Store): Promise<number> {
  const [source, target] = [createBlobs(from), createBlobs(to)];
  let copied = 0;
  await inParallel(allKeys(from, 'blobs/sha256/'), async (key) => {
    if ((await to.head(key)) !== undefined) return;
    const digest = digestOfBlob(key as BlobKey);
    const bytes = await source.get(digest);
    // It was swept since it was listed.
    if (bytes === undefined) return;
    await target.put(digest, bytes);
    copied++;
  });
  return copied;
}

function mismatch(to: Store, log: LogName, seq: number, reason: string): EbpmError {
  return new EbpmError('EBPM_COPY_MISMATCH', `Cannot copy entry ${seq} of "${log}" to "${to.name}": ${reason}`, {
    hint: 'Copy to an empty store, or to an earlier copy of this very registry',
    data: { log, seq },
  });
}
