import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import { entryKey, type LogName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import type { Authority } from './authority.js';
import { Committer } from './committer.js';
import { type Entry, START } from './entry.js';
import { Follower } from './follower.js';
import { HashHistory } from './hash-history.js';
import { Log } from './log.js';
import { unsound } from './log-errors.js';
import type { LogFold } from './log-fold.js';
import { LogReader } from './log-reader.js';
import { RULES } from './op.js';
import { Pace } from './pace.js';
import { readEntry } from './read-entry.js';
import { readSegments } from './read-segments.js';

/** What a log needs. */
export interface OpenLogOptions {
  readonly store: Store;
  readonly log: LogName;
  readonly fold: LogFold;
  /** The name of this process in the entries that it writes: 1 to 64 of A-Z a-z 0-9 . _ - */
  readonly writer: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The accounts log, for the log beside it; left out for the accounts log, which is its own. */
  readonly authority?: Authority;
  /** Called with every entry that was folded, in order. */
  readonly onEntry?: (entry: Entry) => void;
  /** For the accounts log: the `registry` of the log that it belongs to. */
  readonly registry?: string;
}

/**
 * Opens a log, creating entry 1 in an empty store, and applies all of it. A log that turns out to be unsound or too new is
 * opened as far as it goes; its `health()` says so and it writes nothing.
 * @throws EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW when even entry 1, or the one that the fold is at, cannot be read, or when it
 * belongs to another registry
 * @throws EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED, EBPM_REGISTRY_UNSETTLED
 */
export async function openLog(options: OpenLogOptions): Promise<Log> {
  const { store, log, fold, clock, random } = options;
  const hashes = new HashHistory(store, log);
  const pace = new Pace(random);
  let isOpen = false;
  const reader: LogReader = new LogReader({
    store,
    log,
    fold,
    clock,
    onGet: (ms) => pace.sawGet(ms),
    onEntry(entry) {
      hashes.note(entry);
      committer.settle(entry);
      // Who wrote before this process was there need not be there any more.
      if (isOpen) pace.sawEntry({ isOwn: entry.writer === options.writer, elapsedMs: clock.elapsedMs() });
      follower.noteNews();
      options.onEntry?.(entry);
    },
  });
  const { authority = { catchUp: async () => undefined, head: () => reader.head } } = options;
  const committer = new Committer({ ...options, reader, pace, authority });
  const follower = new Follower({ reader, clock, random });
  try {
    const { first, registry } = await findGenesis(options, committer);
    await resume({ ...options, first, reader, hashes });
    await readToTheEnd(options, reader);
    isOpen = true;
    follower.start();
    return new Log({ log, identity: first.hash, registry, reader, committer, follower, hashes, clock });
  } catch (error) {
    await committer.close();
    throw error;
  }
}

interface Genesis {
  readonly first: Entry;
  readonly registry: string;
}

async function findGenesis(options: OpenLogOptions, committer: Committer): Promise<Genesis> {
  const { store, log, fold, random } = options;
  const found = await store.get(entryKey(log, 1));
  if (found !== undefined) return readGenesis(found, options);
  // Unless another process makes it just now, there is none, and nothing after it either.
  const [other] = await store.list(`${log}/`, { limit: 1 });
  if (other !== undefined && other !== entryKey(log, 1)) throw unsound(log, 1, `it is missing, but "${other}" exists`);
  if (other === undefined) {
    if (fold.position() !== undefined) fold.reset();
    const registry = options.registry ?? random.hex(16);
    await committer.createGenesis({ type: 'genesis', by: 'registry', rules: RULES, registry });
  }
  const created = await store.get(entryKey(log, 1));
  if (created === undefined) throw unsound(log, 1, 'it was there a moment ago and is missing');
  return readGenesis(created, options);
}

function readGenesis(bytes: Uint8Array, { log, registry: expected }: OpenLogOptions): Genesis {
  const first = readEntry(bytes, { log, seq: 1, prev: START.hash });
  const op = first.ops[0]?.op;
  const registry = op?.['registry'];
  if (op?.type !== 'genesis' || typeof registry !== 'string' || !/^[0-9a-f]{32}$/.test(registry)) {
    throw unsound(log, 1, 'it does not begin with a genesis operation');
  }
  if (expected !== undefined && registry !== expected) {
    throw unsound(log, 1, `it belongs to the registry "${registry}", and the log beside it to "${expected}"`);
  }
  return { first, registry };
}

interface ResumeOptions extends OpenLogOptions {
  readonly first: Entry;
  readonly reader: LogReader;
  readonly hashes: HashHistory;
}

/** Takes up where the fold is, if that is a place in this log. */
async function resume({ store, log, fold, first, reader, hashes }: ResumeOptions): Promise<void> {
  const position = fold.position();
  if (position === undefined || position.seq <= reader.head.seq) return;
  if (position.identity !== first.hash) {
    fold.reset();
    return;
  }
  const bytes = await store.get(entryKey(log, position.seq));
  const entry = bytes === undefined ? undefined : readEntry(bytes, { log, seq: position.seq, prev: undefined });
  if (entry?.hash === position.hash) {
    reader.resume(entry);
    hashes.note(entry);
    return;
  }
  const was = entry === undefined ? 'is missing' : `has the hash "${entry.hash}"`;
  reader.stop(
    unsound(log, position.seq, `the index was made from an entry with the hash "${position.hash}", and it ${was}`),
  );
}

/** Applies everything, then makes sure that nothing stands behind a hole. */
async function readToTheEnd({ store, log }: OpenLogOptions, reader: LogReader): Promise<void> {
  try {
    if (log === 'log') await readSegments(store, reader);
    for (;;) {
      await reader.catchUp();
      const { seq } = reader.head;
      const [beyond] = await store.list(`${log}/`, { limit: 1, ...(seq > 0 && { after: entryKey(log, seq) }) });
      if (beyond === undefined || beyond === entryKey(log, seq + 1)) return;
      await reader.checkHole(seq + 1);
    }
  } catch (error) {
    if (reader.stopped === undefined) throw error;
  }
}
