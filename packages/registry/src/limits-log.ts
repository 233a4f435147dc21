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
  /** Kinds of sections in a publish: libbpf's table has about 100 names, and a tool is of a few kinds. */
  sections: 32,
  /** 8 KiB of packed facts: those of hundreds of programs. Others are not in the log, but for their digest. */
  factsLength: 8 * 1024,
  /** 1 MiB of facts when unpacked. */
  factsSizeBytes: 1024 * 1024,
  /** Signed statements of a publish: that it is one, and how it was built. */
  bundles: 2,
  /** 10 KiB of signed statements as JSON: each has a payload of at most 4 KiB, in base64. */
  bundlesLength: 10 * 1024,
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
  /** 1 MiB: how far the deliveries to 1,000 webhooks are. */
  deliveriesSizeBytes: 1024 * 1024,
  /** 4 MiB: what another registry says of a package, about 10,000 versions. */
  upstreamSizeBytes: 4 * 1024 * 1024,
  /** 8 MiB: the downloads of a day, by version. */
  statsSizeBytes: 8 * 1024 * 1024,
  /** 1 KiB: a note of attempts, or of a code that was used. */
  noteSizeBytes: 1024,
  /** 1 KiB: what the start-up probe writes. */
  probeSizeBytes: 1024,
  /** 4 GiB: S3 takes 5 GiB in one PUT; a snapshot of a million packages is 350 MB. */
  largeSizeBytes: 4 * 1024 ** 3,
  /** Segments and snapshots are read in parts of 8 MiB, each a request that may be repeated. */
  partSizeBytes: 8 * 1024 * 1024,
  /** Keys in one answer to a LIST: S3 gives no more (ListObjectsV2, MaxKeys). */
  listKeys: 1000,
  /** A create that has not answered in 5 s is read back instead. */
  createTimeoutMs: 5_000,
  /** 5 s for reading an entry, asking for a size, or removing. */
  getTimeoutMs: 5_000,
  /** 60 s for a blob of 20 MiB: 2.7 Mbit/s. */
  blobTimeoutMs: 60_000,
  /** 10 minutes for writing a snapshot: 200 MB at 2.7 Mbit/s. */
  largeTimeoutMs: 600_000,
  /** 10 s for a LIST, the slowest request of most stores. */
  listTimeoutMs: 10_000,
  /** Archives that one command reads or copies at once. */
  parallelBlobs: 8,
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
  /**
   * Where nobody else has written for a minute the least pause is this, but for one in 100 ms, so that a newcomer has a window of 25 ms at least as
   * often. Only where a round is faster than 17 ms, on a directory, does it make a difference.
   */
  alonePauseMs: 6,
  aloneAfterMs: 60_000,
  openEveryMs: 100,
  /** Beside a replica that wrote within 2 s, the pause doubles with each win in a row, up to four times. */
  rivalMs: 2_000,
  maxGrowth: 4,
  /** Parallel GETs while catching up: doubled from 1 to this. */
  readAhead: 16,
  /** Entries in a segment: a million entries are a thousand GETs. Part of the format: it gives segments their names. */
  segmentEntries: 1_000,
  /** A segment is unpacked in pieces of 256 KiB. */
  chunkSizeBytes: 256 * 1024,
  /** Entries of a segment that are applied in one transaction: few enough for other work to get its turn. */
  copiesAtOnce: 100,
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
  /** A head that does not move is signed again after a minute, so that readers see that somebody is there. */
  signedAgainMs: 60_000,
  /** Every wait is drawn from [1 - jitter, 1 + jitter]. */
  jitter: 0.25,
} as const;

/** Snapshots of a replica's tables. */
export const SNAPSHOT_LIMITS = {
  /** One is written every 10,000 operations: folding those takes a second or two. */
  everyOps: 10_000,
  /** And after a day in which 100 operations came. */
  dailyOps: 100,
  dayMs: 86_400_000,
  /** Kept of a schema: a replica may be reading the one before the newest, and a damaged one has others behind it. */
  kept: 3,
  /** Schemas of which snapshots are kept: this version's and the one before. */
  schemas: 2,
  /** 16 GiB unpacked: 25 million packages. */
  sizeBytes: 16 * 1024 ** 3,
  /** 1 MiB of the database in each gzip member: large enough to compress well, small enough for several to be unpacked at a time. */
  memberSizeBytes: 1024 * 1024,
  /** Pages copied before other work gets its turn: 1 MiB, about a millisecond. */
  pagesAtOnce: 256,
  /** Whoever wrote the entry that makes one due writes it; others look after 10 s to 60 s whether it is there. */
  othersMinMs: 10_000,
  othersMaxMs: 60_000,
  /** Without any news, a replica looks this often. */
  lookMs: 3_600_000,
} as const;

/** How long archives that nobody needs stay. */
export const GARBAGE_LIMITS = {
  /** 7 days: far longer than any publish takes, and time to notice a mistake. */
  unusedMs: 7 * 86_400_000,
  /** An hour from the removal until the digest may come again: no write that was sent before is still under way. */
  sweepMs: 3_600_000,
} as const;
