// Archives that no version has any more, or never had: a publish stores its archive first, and may then be refused. They go in two
// steps, so that nobody publishes what is being removed:
//
//   unused for 7 days -> `condemn` in the log -> removed -> an hour -> removed again, should a slow write have come -> `swept`
//
// From `condemn` to `swept` a publish that names one of them is told to try later; a `condemn` that names one in use is refused.

import { EbpmError } from '@ebpm/formats';
import { OPERATOR } from '../fold/principal.js';
import { THROTTLE_LIMITS } from '../limits.js';
import { ENTRY_LIMITS, GARBAGE_LIMITS } from '../limits-log.js';
import { readEntry } from '../log/read-entry.js';
import type { Registry } from '../registry.js';
import { registryNowMs } from '../registry-time.js';
import { sweepSnapshots } from '../snapshots/sweep-snapshots.js';
import { allKeys } from '../stores/all-keys.js';
import { inParallel } from '../stores/in-parallel.js';
import { type AttemptKey, type BlobKey, blobKey, entryKey } from '../stores/keys.js';
import { digestOfBlob } from './digest-of-blob.js';

/** What was collected, or would be. */
export interface Garbage {
  /** Digests that nobody needs, with their sizes: condemned and removed. */
  readonly unused: readonly { readonly digest: string; readonly sizeBytes: number }[];
  /** Digests that were condemned more than an hour ago: nothing stands in the way of publishing them again. */
  readonly swept: readonly string[];
  /** Digests that were condemned less than an hour ago. */
  readonly waiting: readonly string[];
  readonly snapshots: number;
}

/**
 * Removes archives that no version needs, snapshots that nobody starts from, and notes of attempts to log in that count no more. To be run now and then; servers may go on.
 * @param isDry changes nothing, and says what would be done
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE, and what a log's `commit` throws
 */
export async function collectGarbage(registry: Registry, isDry: boolean): Promise<Garbage> {
  const { store, log } = registry;
  await log.catchUp();
  const { swept, waiting } = await condemnedBefore(registry);
  const unused = await findUnused(registry);
  if (isDry) return { unused, swept, waiting, snapshots: 0 };
  await removeAll(registry, [...swept, ...waiting]);
  for (const digests of batches(swept)) await log.commit({ type: 'swept', by: OPERATOR, digests });
  const condemned: string[] = [];
  for (const digests of batches(unused.map(({ digest }) => digest))) {
    if (await condemn(registry, digests)) condemned.push(...digests);
  }
  await removeAll(registry, condemned);
  const gone = new Set(condemned);
  const snapshots = (await sweepSnapshots(store)).length;
  await sweepAttempts(registry);
  return { unused: unused.filter(({ digest }) => gone.has(digest)), swept, waiting, snapshots };
}

/** Attempts to log in that count no more; nobody else looks at those of users and addresses that never come again. */
async function sweepAttempts({ store, clock }: Registry): Promise<void> {
  const nowMs = registryNowMs({ clock, store });
  await inParallel(allKeys(store, 'attempts/'), async (key) => {
    const writtenAtMs = await store.writtenAtMs(key);
    if (writtenAtMs !== undefined && nowMs - writtenAtMs >= THROTTLE_LIMITS.forgetMs)
      await store.remove(key as AttemptKey);
  });
}

async function condemnedBefore({ store, packages, clock }: Registry) {
  const nowMs = registryNowMs({ clock, store });
  const swept: string[] = [];
  const waiting: string[] = [];
  for (const { digest, seq } of packages.allCondemned()) {
    const bytes = await store.get(entryKey('log', seq));
    const entry = bytes && readEntry(bytes, { log: 'log', seq, prev: undefined });
    const isOver = entry !== undefined && nowMs - Date.parse(entry.time) >= GARBAGE_LIMITS.sweepMs;
    (isOver ? swept : waiting).push(digest);
  }
  return { swept, waiting };
}

async function findUnused({ store, packages, clock }: Registry) {
  const nowMs = registryNowMs({ clock, store });
  const takenDown = new Set(packages.takenDownDigests());
  const unused: { digest: string; sizeBytes: number }[] = [];
  await inParallel(allKeys(store, 'blobs/sha256/'), async (key) => {
    const digest = digestOfBlob(key as BlobKey);
    if (packages.holders(digest).length > 0 || packages.condemned(digest) !== undefined) return;
    const writtenAtMs = await store.writtenAtMs(key);
    if (writtenAtMs === undefined) return;
    if (!takenDown.has(digest) && nowMs - writtenAtMs < GARBAGE_LIMITS.unusedMs) return;
    unused.push({ digest, sizeBytes: (await store.head(key)) ?? 0 });
  });
  return unused.sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/** Whether it was written: a publish may have come to need one of them just now; then the next run sees to the others. */
async function condemn({ log }: Registry, digests: readonly string[]): Promise<boolean> {
  try {
    await log.commit({ type: 'condemn', by: OPERATOR, digests });
    return true;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_BLOB_IN_USE') return false;
    throw error;
  }
}

function removeAll({ store }: Registry, digests: readonly string[]): Promise<void> {
  return inParallel(digests, (digest) => store.remove(blobKey(digest.slice('sha256:'.length))));
}

function batches(digests: readonly string[]): string[][] {
  const count = Math.ceil(digests.length / ENTRY_LIMITS.digests);
  return Array.from({ length: count }, (_, i) =>
    digests.slice(i * ENTRY_LIMITS.digests, (i + 1) * ENTRY_LIMITS.digests),
  );
}
