/** Limits of the log's format. They belong to format version 1: changing one changes what a reader must accept. */
export const ENTRY_LIMITS = {
  /** 1 MiB: one round trip, and 16 of them held at once while catching up stay small. */
  entrySizeBytes: 1024 * 1024,
  /** 256 operations: more waiters than one replica has at a time, and a header of at most 18 KiB. */
  ops: 256,
  /** 16 KiB: whatever is longer (readmes, descriptions, results of analysis) is a blob, named by its digest. */
  opLineSizeBytes: 16 * 1024,
  /** 1,024 characters for a reason that somebody gives: of a yank, a deprecation, a takedown. */
  reasonLength: 1024,
  /** 128 digests in one operation of garbage collection: 10 KB. */
  digests: 128,
  /** Owners of a package: they stand in its row and in a takedown. */
  owners: 64,
  /** Tags of a package: they are sent with every answer about it. */
  tags: 256,
  /** 12 digits last 792 years at 40 entries a second. */
  maxSeq: 999_999_999_999,
} as const;

/** Sizes that a store refuses to take in or to hand out, by what the key is for. */
export const STORE_LIMITS = {
  /** 20 MiB: the largest package. */
  blobSizeBytes: 20 * 1024 * 1024,
  /** 64 KiB: a name, an address, an avatar's URL, encrypted. */
  personSizeBytes: 64 * 1024,
  /** 1 KiB: what the start-up probe writes. */
  probeSizeBytes: 1024,
  /** Keys in one answer to a LIST: S3 gives no more (ListObjectsV2, MaxKeys). */
  listKeys: 1000,
  /** A create that has not answered in 5 s is read back instead. */
  createTimeoutMs: 5_000,
  /** 5 s for reading an entry, asking for a size, or removing. */
  getTimeoutMs: 5_000,
  /** 60 s for a blob of 20 MiB: 2.7 Mbit/s. */
  blobTimeoutMs: 60_000,
  /** 10 s for a LIST, the slowest request of most stores. */
  listTimeoutMs: 10_000,
  /** A temporary file older than an hour belongs to a process that is gone. */
  tempAgeMs: 3_600_000,
} as const;

/** How the log waits, retries and keeps to its share. */
export const LOG_LIMITS = {
  /** A publisher waits this long for its entry to settle, then is told that nobody knows. */
  unsettledMs: 10_000,
  /** A reader with `ebpm-min-seq` waits this long. */
  minSeqWaitMs: 5_000,
  /** Operations that wait for a place in an entry; the next one is refused. 16 full entries, about half a minute's work. */
  queuedOps: 4_096,
  /** Pause between attempts at one number: 5 ms, doubling to 500 ms, a quarter more or less. */
  retryMinMs: 5,
  retryMaxMs: 500,
  /** Pause after a win: 1.5 times a recent round, within these bounds, so that another replica gets its turn. */
  pauseFactor: 1.5,
  pauseMinMs: 25,
  pauseMaxMs: 250,
  /** Beside a replica that wrote within 2 s, the pause doubles with each win in a row, up to four times. */
  rivalMs: 2_000,
  maxGrowth: 4,
  /** Parallel GETs while catching up: doubled from 1 to this. */
  readAhead: 16,
  /** A follower asks for the next number this often, and after ten minutes without news less often. */
  pollMs: 250,
  idlePollMs: 2_000,
  idleAfterMs: 600_000,
  /** A miss (unknown version, unknown token) makes a replica look at once, at most this often. */
  kickMs: 100,
  /** Before a write, a head that was not seen in the store for this long is read again: the store may have been set back. */
  headSeenMs: 10_000,
  /** Hashes of recent entries kept in memory, for readers who say what they have seen. */
  recentHashes: 1_024,
  /** Every wait is drawn from [1 - jitter, 1 + jitter]. */
  jitter: 0.25,
} as const;
