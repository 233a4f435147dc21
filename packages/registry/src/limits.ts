/** Limits on what clients send and wait for; those of the log and the stores stand in `limits-log.ts`. */
export const HTTP_LIMITS = {
  /** 20 MiB: far above any eBPF package, low enough to be held in memory while it is checked. */
  packageSizeBytes: 20 * 1024 * 1024,
  /** 32 KiB of JSON: a CI service's token of 16 KiB, and what stands around it. */
  jsonBodySizeBytes: 32 * 1024,
  /** Above 1 MiB an archive counts against `bodiesSizeBytes` while it is sent. */
  largeBodySizeBytes: 1024 * 1024,
  /** Up to 64 KiB a body is copied for the thread that checks it: that takes less than sharing memory with it. */
  smallBodySizeBytes: 64 * 1024,
  /** After each 512 KiB of a body, half a millisecond of work, 1 ms is for others: 300 MB/s, more than twice what a network of 1 Gbit/s brings. */
  bodyPartSizeBytes: 512 * 1024,
  bodyPauseMs: 1,
  /** 80 MiB of memory for large archives wait for the next ones, for a minute: as much as four of the largest. */
  freeUploadsSizeBytes: 80 * 1024 * 1024,
  freeUploadsMs: 60_000,
  /** 160 MiB for bodies that come in and large archives that go out: with all else the process stays below 512 MiB. */
  bodiesSizeBytes: 160 * 1024 * 1024,
  /** A presigned URL of a blob is good for 5 minutes: a client follows it at once. */
  presignedS: 300,
  /** 16 KiB of request line and headers, as Node has it by default: a token and two positions need 300 bytes. */
  headersSizeBytes: 16 * 1024,
  /** Header fields of a request: clients send about ten. */
  headers: 100,
  /** A scoped name of 105 characters, every one of them percent-encoded. */
  pathPartLength: 3 * 105,
  /** A client sends its headers within 10 s: slow ones would hold connections for nothing. */
  headersTimeoutMs: 10_000,
  /** How often Node looks for connections that are too slow; by default 30 s, three times what headers may take. */
  connectionsCheckMs: 2_000,
  /** A request arrives whole within 2 minutes: 20 MiB at 1.4 Mbit/s. */
  requestTimeoutMs: 120_000,
  /** An idle connection is kept for 75 s: longer than nginx and AWS's load balancers keep theirs (60 s), which else use one that just closes. */
  keepAliveTimeoutMs: 75_000,
  /** Shutdown waits this long for requests under way: a publish settles within 10 s. */
  closeTimeoutMs: 15_000,
  /** Entries of the log in one answer: a hundredth of a second's work for the store. */
  logEntries: 256,
  /** And their size together; one entry alone may have 1 MiB. */
  logAnswerSizeBytes: 4 * 1024 * 1024,
  /** Addresses of which a list remembers whether they are in it; then it forgets all. Texts that are no address can be 16 KiB long: 4 MiB. */
  knownAddresses: 256,
  /** Connections at once: far above a team's clients, below the usual limit of 4,096 open files. */
  connections: 2_000,
} as const;

/** Limits on searches. */
export const SEARCH_LIMITS = {
  /** Longer texts are no names and no sentences. */
  queryLength: 200,
  /** Words of a query that are looked for; each is a prefix query of its own. */
  words: 8,
  /** Results on a page when the client does not say. */
  pageDefault: 20,
  /** Results on a page at most. */
  page: 100,
  /** Filters of a query that are looked at. */
  filters: 8,
  /** Packages that are ranked, of those found by name, by name and keywords, by all: pages reach as far. */
  rankedByName: 300,
  rankedByKeywords: 200,
  rankedByDescription: 300,
  /** Matches are counted up to here: to count all of a common word takes as long as to read half of the index. */
  counted: 1_000,
  /** Words that begin as a typed one does: so many are read, and so many of them are looked for. */
  beginnings: 256,
  alternatives: 48,
  /** Words of these lengths are corrected: a shorter one is near to too many others. */
  correctedLength: { least: 3, most: 24 },
  /** Near words that are compared by their use, which is counted up to so many packages. */
  corrections: 16,
  usesCounted: 1_000,
} as const;

/** Limits on accounts. */
export const ACCOUNT_LIMITS = {
  /** Names of people that are kept decrypted: about 10 MB. */
  cachedNames: 50_000,
  /** An erased or changed name is shown for a minute at most. */
  cachedNameMs: 60_000,
  /** The longest life of a token that has an end, in days. */
  tokenDays: 3_650,
  /** Powers, patterns or networks of a token: they stand in one line of the log. */
  tokenLimits: 32,
  /** Members of an organisation; all are listed in one answer. */
  members: 1_000,
  /** Teams of an organisation. */
  teams: 200,
  /** Patterns of a team: every request on a private package looks at them. */
  grants: 100,
  /** Trusted publishers of a package. */
  trusts: 16,
  /** Keys of a publisher, revoked ones too; all are listed in one answer. */
  keys: 100,
  /** Tokens whose last use is remembered: about 10 MB, and a file of 4 MB. */
  rememberedUses: 100_000,
  /** Tokens that are kept as they are in the tables, until the accounts log moves: about 1 MB. */
  usedTokens: 1_000,
  /** Claims that a trusted publisher must have. */
  claims: 16,
} as const;

/** Limits on requests that the registry itself makes. */
export const OUTBOUND_LIMITS = {
  /** From the request until the whole answer is there, where the caller does not say. */
  timeoutMs: 30_000,
  /** Until a connection stands: several times what the slowest line takes. */
  connectTimeoutMs: 5_000,
  /** A server behind a CDN needs one or two. */
  redirects: 3,
  /** Connections to one origin: what waits behind them is bounded by the time. */
  connections: 16,
  /** An idle connection is kept for 10 s: its address was checked when it was opened, and names move on. */
  keepAliveMs: 10_000,
} as const;

/** Limits on what the operator gives. */
export const CONFIG_LIMITS = {
  /** 256 KiB: a configuration with a thousand rules of some 200 bytes. */
  fileSizeBytes: 256 * 1024,
} as const;

/** Limits on mirroring another registry. */
export const MIRROR_LIMITS = {
  /** A key, or a signed head with the signatures of witnesses. */
  textSizeBytes: 64 * 1024,
  /** 32 MiB: 100,000 versions of a package, as clients take it. */
  documentSizeBytes: 32 * 1024 * 1024,
  /** A mirror that follows looks for a new head this often. */
  lookMs: 5_000,
} as const;

/** What passwords cost and how long they are. */
export const PASSWORD_LIMITS = {
  /** Shorter ones are guessed in spite of scrypt. */
  minLength: 10,
  /** Longer ones only cost time. */
  maxLength: 256,
  /** N = 2^15, r = 8, p = 1: 32 MiB and about 0.1 s (RFC 7914 section 2). */
  logN: 15,
  r: 8,
  p: 1,
  sizeBytes: 32,
  /** Passwords that wait to be checked: the last of them for some 6 s. */
  waiting: 64,
} as const;

/** How guessing is slowed down. */
export const THROTTLE_LIMITS = {
  /** Failures without a wait: people mistype. */
  free: 5,
  firstMs: 1_000,
  mostMs: 900_000,
  /** After a day without failures all is forgotten. */
  forgetMs: 86_400_000,
  /** Users and addresses of which a process knows that they have to wait: about 2 MB. */
  keys: 20_000,
  /** How often an attempt is noted while others note theirs: after five of them it has to wait anyway. */
  rounds: 10,
  /** Notes that stay: no process is so slow that as many come between what it has read and what it writes. */
  kept: 8,
  /** Notes that are listed at a time. */
  listed: 16,
} as const;

/** Limits on one-time codes. */
export const OTP_LIMITS = {
  /** Steps of 30 s that a used code is remembered: an hour, though codes are good for a minute and a half. */
  rememberedSteps: 120,
  /** Codes that are forgotten whenever one is used. */
  removedAtOnce: 20,
} as const;

/** Limits on noting when tokens were used. */
export const USE_LIMITS = {
  /** What a process has seen is written once a minute: so much is lost when it is killed. */
  flushMs: 60_000,
  /** What others have written is read again after 10 s, when somebody wants to know. */
  freshMs: 10_000,
  /** More files than these are put together: one from each of a few processes for some minutes. */
  files: 32,
} as const;

/** Limits on tokens of CI services and on their issuers. */
export const OIDC_LIMITS = {
  /** What a job gets lives for 15 minutes: one publish, with time for a large upload. */
  lifeMs: 900_000,
  /** A token of a CI service is used right after it was made: they live for 5 to 10 minutes. */
  tokenAgeS: 3_600,
  /** Clocks of two services may differ by this much. */
  toleranceS: 60,
  /** An issuer's keys are read again after 10 minutes, so that one that it took back is soon good for nothing. */
  keysMs: 600_000,
  /** A key that is not known makes them be read again, at most this often. */
  newKeysMs: 30_000,
  /** An issuer's description and keys: some 5 KB. */
  answerSizeBytes: 256 * 1024,
  /** Issuers whose keys are kept. */
  issuers: 100,
} as const;

/** Limits on what is kept in memory for those who ask next. */
export const MEMORY_LIMITS = {
  /** No single answer or archive takes more than an eighth of what is there. */
  smallestShare: 8,
  /** An answer is made anew after 10 s, also when nothing was written: names of people are read again. */
  answerMs: 10_000,
  /** Up to 12 KiB a body is sent as one text with its head: up to 16 KiB in all Node writes such a text from its stack. */
  textSizeBytes: 12 * 1024,
} as const;

/** Which bodies are compressed. */
export const COMPRESSION_LIMITS = {
  /** Below 1 KiB a packet is not saved. */
  minSizeBytes: 1024,
  /** Above 4 MiB it would take a core for longer than most networks need for the bytes. */
  maxSizeBytes: 4 * 1024 * 1024,
} as const;

/** Limits on how often somebody may ask. */
export const RATE_LIMITS = {
  /** Who was quiet may ask for this part of a minute's requests at once. */
  burstShare: 1 / 3,
  /** Addresses and tokens that are watched at a time, some 10 MB; the one that has been quiet the longest is forgotten. */
  watched: 100_000,
} as const;

/** Limits on checking an archive. */
export const CHECK_LIMITS = {
  /** 2 s: 20 MiB in 1,000 files take a tenth of it. */
  timeoutMs: 2_000,
  /** 256 MiB of V8's heap: an archive and its manifest need a few. */
  heapSizeMib: 256,
  /** Four threads check more than a log takes. */
  maxThreads: 4,
  /** So many archives that wait are checked together, up to 1 MiB of them: two hundredths of a second for the thread. */
  together: 64,
  togetherSizeBytes: 1024 * 1024,
  /** A third of the share of time of the thread that answers, so that an archive of a tenth of a second stays far below its 2 s. */
  niceness: 5,
} as const;

/** Limits on counting downloads. */
export const DOWNLOAD_LIMITS = {
  /** What was counted is written once a minute: so much is lost when a process is killed. */
  flushMs: 60_000,
  /** The counts of other replicas are read at every fifth writing. */
  refreshEvery: 5,
  /** Different archives counted between two writings: a file of 50,000 has about 3 MB. */
  counted: 50_000,
  /** Days whose files may still come or go: a day is added up two days later, and the files of its sum go two days after that. */
  openDays: 4,
  /** Files that one sum takes. */
  summedFiles: 5_000,
  /** Downloads of so many days say how popular a package is. */
  recentDays: 90,
  /** Packages that are put in their new place at a time, while requests wait. */
  ranksAtOnce: 100,
} as const;

/** Limits on the feed of changes. */
export const FEED_LIMITS = {
  /** Changes in an answer when the client does not say. */
  pageDefault: 100,
  /** Changes that a stream sends at a time. */
  changes: 1_000,
  /** Changes that are kept in memory: about 5 MB, and more than a client misses between two questions. */
  recent: 10_000,
  /** Entries that one request reads from the store, and how many at a time. */
  entriesAtOnce: 128,
  parallel: 16,
  /** Streams at once in a process: each holds a connection. */
  streams: 500,
  /** A stream says something every 15 s: proxies close quiet connections after 30 or 60. */
  beatMs: 15_000,
  /** How long a client may take nothing before its stream ends. */
  drainMs: 30_000,
} as const;

/** Limits on webhooks. */
export const WEBHOOK_LIMITS = {
  /** Webhooks of one user, and of all: their places fit into one note on deliveries. */
  perUser: 20,
  all: 1_000,
  /** How old the list of webhooks may be: a new one hears of what happened since it was made all the same. */
  listMs: 10_000,
  /** A receiver answers within 10 s, with at most 16 KiB, which nobody reads. */
  timeoutMs: 10_000,
  answerSizeBytes: 16 * 1024,
  /** Pauses after failures: 5 s, twice as long after each, an hour at most; after 16 failures, about seven hours, a change is given up. */
  firstPauseMs: 5_000,
  longestPauseMs: 3_600_000,
  attempts: 16,
  /** Changes read at a time for one webhook. */
  changes: 100,
  /** Whoever delivers notes how far he is every 10 s, or 2 s after something was delivered. */
  noteMs: 10_000,
  noteSoonMs: 2_000,
  /** A process that has noted nothing for 40 s does not deliver any more: others take over. */
  leaseMs: 40_000,
  /** How often a process that does not deliver looks whether it should. */
  lookMs: 5_000,
  /** Notes that are kept. */
  notesKept: 4,
} as const;

/** Limits on asking other registries. */
export const UPSTREAM_LIMITS = {
  /** What was fetched, and that something is not there, is believed for a minute. */
  freshMs: 60_000,
  /** Clients wait meanwhile. */
  timeoutMs: 10_000,
  /** A package of another registry, as it answers and as it is kept. */
  recordSizeBytes: 4 * 1024 * 1024,
  /** Packages that are remembered, and digests of theirs. */
  remembered: 2_000,
  sources: 100_000,
} as const;

/** Which names are guarded against slips of the finger, besides those of well-known tools. */
export const NAME_LIMITS = {
  /** A package that was downloaded a thousand times within 90 days is typed by people who have not looked it up. */
  popularDownloads: 1_000,
  /** As many of them, the most downloaded first: comparing a new name with all takes a millisecond. */
  popularNames: 5_000,
  /** They are looked up again after a minute. */
  freshMs: 60_000,
} as const;
