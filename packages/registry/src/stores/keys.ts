import { DAY_MS } from '../clock.js';
import { ENTRY_LIMITS, LOG_LIMITS, STORE_LIMITS } from '../limits-log.js';

/** All keys of a store. Nothing builds a key or a prefix outside of this file. */
export type LogName = 'log' | 'accounts';
/** `log/<12 digits>` (public) or `accounts/<12 digits>` (private): one entry each, never overwritten, never removed. */
export type LogKey = `${LogName}/${string}`;
/** `blobs/sha256/<2>/<62>`: bytes under their digest. */
export type BlobKey = `blobs/sha256/${string}/${string}`;
/** `people/<id>/<n>`: personal data, encrypted, removable. */
export type PersonKey = `people/${string}/${string}`;
/** `probe/<random>/<name>`: what the start-up probe writes and removes. */
export type ProbeKey = `probe/${string}/${string}`;
/** `webhooks/<id>`: a webhook, encrypted. Removable. */
export type WebhookKey = `webhooks/${string}`;
/** `deliveries/<12 digits>`: who delivers to webhooks and how far he is, the last one counts. Removable. */
export type DeliveryKey = `deliveries/${string}`;
/** `upstream/<SHA-256 of a name>/<12 digits>`: what another registry says of a package; the last one counts. Removable. */
export type UpstreamKey = `upstream/${string}/${string}`;
/** `segments/<first, 12 digits>.ndjson.gz`: 1,000 entries of the public log, one after another. Made from the entries. */
export type SegmentKey = `segments/${string}.ndjson.gz`;
/**
 * `snapshots/<schema>/<999999999999 - seq>-<seq>-<sha256>.db.gz`: the tables of a replica at an entry, the newest first in a
 * LIST; the digest is that of the object. Made from the entries; private, for it holds the accounts.
 */
export type SnapshotKey = `snapshots/${string}/${string}.db.gz`;

/** Objects of any size, which are written from a file and read in parts. */
export type LargeKey = SegmentKey | SnapshotKey;

/** `stats/<YYYYMMDD>/<replica>-<n>`: downloads that a replica counted on a day; `stats/<YYYYMMDD>/sum`: those of all. Removable. */
export type StatsKey = `stats/${string}/${string}`;

/** `attempts/<2>/<62>-<n>`: how often somebody tried in vain to log in as a user, or from an address. Removable. */
export type AttemptKey = `attempts/${string}/${string}`;

/** `codes/<12 digits of a step>-<user id>`: a one-time code that was used. Removable. */
export type CodeKey = `codes/${string}`;

/** `uses/<15 digits: ms since 1970>-<16 hex>`: when tokens were used. Removable. */
export type UseKey = `uses/${string}`;

export type StoreKey =
  | LogKey
  | BlobKey
  | PersonKey
  | ProbeKey
  | LargeKey
  | StatsKey
  | WebhookKey
  | DeliveryKey
  | UpstreamKey
  | AttemptKey
  | CodeKey
  | UseKey;
/** Keys that may be removed. An entry's never: its number would become writable again. */
export type RemovableKey =
  | BlobKey
  | PersonKey
  | ProbeKey
  | LargeKey
  | StatsKey
  | WebhookKey
  | DeliveryKey
  | UpstreamKey
  | AttemptKey
  | CodeKey
  | UseKey;

/** What can be listed. */
export type KeyPrefix =
  | `${LogName}/`
  | 'blobs/sha256/'
  | 'people/'
  | `people/${string}/`
  | `probe/${string}/`
  | 'segments/'
  | 'snapshots/'
  | `snapshots/${number}/`
  | 'stats/'
  | 'webhooks/'
  | 'deliveries/'
  | 'upstream/'
  | `upstream/${string}/`
  | 'attempts/'
  | `attempts/${string}/`
  | 'codes/'
  | 'uses/';

/** What the keys of one kind look like, and what a store does with them. */
export interface KeyKind {
  readonly pattern: RegExp;
  readonly maxSizeBytes: number;
  readonly removable: boolean;
}

const KEY_KINDS = {
  entry: { pattern: /^(?:log|accounts)\/[0-9]{12}$/, maxSizeBytes: ENTRY_LIMITS.entrySizeBytes, removable: false },
  blob: {
    pattern: /^blobs\/sha256\/[0-9a-f]{2}\/[0-9a-f]{62}$/,
    maxSizeBytes: STORE_LIMITS.blobSizeBytes,
    removable: true,
  },
  person: {
    pattern: /^people\/[a-z0-9_-]{1,64}\/[0-9]{1,12}$/,
    maxSizeBytes: STORE_LIMITS.personSizeBytes,
    removable: true,
  },
  probe: {
    pattern: /^probe\/[0-9a-f]{32}\/[a-z0-9-]{1,32}$/,
    maxSizeBytes: STORE_LIMITS.probeSizeBytes,
    removable: true,
  },
  webhook: {
    pattern: /^webhooks\/[0-9a-f]{16}$/,
    maxSizeBytes: STORE_LIMITS.personSizeBytes,
    removable: true,
  },
  delivery: {
    pattern: /^deliveries\/[0-9]{12}$/,
    maxSizeBytes: STORE_LIMITS.deliveriesSizeBytes,
    removable: true,
  },
  upstream: {
    pattern: /^upstream\/[0-9a-f]{64}\/[0-9]{12}$/,
    maxSizeBytes: STORE_LIMITS.upstreamSizeBytes,
    removable: true,
  },
  segment: {
    pattern: /^segments\/[0-9]{12}\.ndjson\.gz$/,
    maxSizeBytes: STORE_LIMITS.largeSizeBytes,
    removable: true,
  },
  snapshot: {
    pattern: /^snapshots\/[0-9]{1,6}\/[0-9]{12}-[0-9]{1,12}-[0-9a-f]{64}\.db\.gz$/,
    maxSizeBytes: STORE_LIMITS.largeSizeBytes,
    removable: true,
  },
  stats: {
    pattern: /^stats\/[0-9]{8}\/(?:[0-9a-f]{16}-[0-9]{1,9}|sum)$/,
    maxSizeBytes: STORE_LIMITS.statsSizeBytes,
    removable: true,
  },
  attempt: {
    pattern: /^attempts\/[0-9a-f]{2}\/[0-9a-f]{62}-[0-9]{12}$/,
    maxSizeBytes: STORE_LIMITS.noteSizeBytes,
    removable: true,
  },
  code: {
    pattern: /^codes\/[0-9]{12}-[a-z0-9_-]{1,64}$/,
    maxSizeBytes: STORE_LIMITS.noteSizeBytes,
    removable: true,
  },
  use: {
    pattern: /^uses\/[0-9]{15}-[0-9a-f]{16}$/,
    maxSizeBytes: STORE_LIMITS.statsSizeBytes,
    removable: true,
  },
} as const satisfies Readonly<Record<string, KeyKind>>;

const PREFIX =
  /^(?:log\/|accounts\/|blobs\/sha256\/|people\/(?:[a-z0-9_-]{1,64}\/)?|probe\/[0-9a-f]{32}\/|segments\/|snapshots\/(?:[0-9]{1,6}\/)?|stats\/|webhooks\/|deliveries\/|upstream\/(?:[0-9a-f]{64}\/)?|attempts\/(?:[0-9a-f]{2}\/)?|codes\/|uses\/)$/;

/**
 * The key of a log's entry.
 * @throws TypeError when `seq` is not a whole number from 1 to 999,999,999,999
 */
export function entryKey(log: LogName, seq: number): LogKey {
  if (!Number.isInteger(seq) || seq < 1 || seq > ENTRY_LIMITS.maxSeq)
    throw new TypeError(`No entry has the number ${seq}`);
  return `${log}/${seq.toString().padStart(12, '0')}`;
}

/**
 * The key of the bytes with this SHA-256.
 * @throws TypeError when `hex` is not 64 lower-case hex digits
 */
export function blobKey(hex: string): BlobKey {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TypeError(`"${hex}" is not a SHA-256 in lower-case hex`);
  return `blobs/sha256/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/**
 * The key of a person's n-th record.
 * @throws TypeError when `id` is not an opaque user id or `n` not a whole number
 */
export function personKey(id: string, n: number): PersonKey {
  return checked(`people/${id}/${n}`);
}

/**
 * The key of one object of a probe.
 * @throws TypeError when `run` is not 32 hex digits or `name` not a short lower-case word
 */
export function probeKey(run: string, name: string): ProbeKey {
  return checked(`probe/${run}/${name}`);
}

/**
 * The key of the segment that begins with this entry.
 * @throws TypeError when none does
 */
export function segmentKey(first: number): SegmentKey {
  if (first % LOG_LIMITS.segmentEntries !== 1) throw new TypeError(`No segment begins with entry ${first}`);
  return checked(`segments/${first.toString().padStart(12, '0')}.ndjson.gz`);
}

/** What a snapshot's key says. */
export interface SnapshotName {
  /** The number of the tables' schema. */
  readonly schema: number;
  /** The last entry of the public log in it. */
  readonly seq: number;
  /** Of the object as stored, hex. */
  readonly sha256: string;
}

/**
 * The key of a snapshot.
 * @throws TypeError when its name is not one
 */
export function snapshotKey({ schema, seq, sha256 }: SnapshotName): SnapshotKey {
  const age = (ENTRY_LIMITS.maxSeq - seq).toString().padStart(12, '0');
  return checked(`snapshots/${schema}/${age}-${seq}-${sha256}.db.gz`);
}

/** Reads the key of a snapshot. */
export function snapshotName(key: SnapshotKey): SnapshotName {
  const [, schema, seq, sha256 = ''] = /^snapshots\/(\d+)\/\d+-(\d+)-([0-9a-f]+)\./.exec(key) ?? [];
  return { schema: Number(schema), seq: Number(seq), sha256 };
}
/**
 * The key of the n-th file of downloads that a replica counted on a day.
 * @param day since 1970, UTC
 * @throws TypeError when `replica` is not 16 hex digits
 */
export function statsKey(day: number, replica: string, n: number): StatsKey {
  return checked(`${statsDayPrefix(day)}${replica}-${n}`);
}

/** The key of all downloads of a day. @param day since 1970, UTC */
export function statsSumKey(day: number): StatsKey {
  return checked(`${statsDayPrefix(day)}sum`);
}

/** What the keys of a day begin with. @param day since 1970, UTC */
export function statsDayPrefix(day: number): `stats/${string}/` {
  return `stats/${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}/`;
}

/** The day of a key, since 1970. */
export function statsDay(key: StatsKey): number {
  const [, year, month, day] = /^stats\/(\d{4})(\d{2})(\d{2})\//.exec(key) ?? [];
  return Math.floor(Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS);
}

/** Whether the value is the key of a file of downloads. */
export function isStatsKey(value: unknown): value is StatsKey {
  return typeof value === 'string' && KEY_KINDS.stats.pattern.test(value);
}

/**
 * The key of a webhook.
 * @throws TypeError when `id` is not 16 hex digits
 */
export function webhookKey(id: string): WebhookKey {
  return checked(`webhooks/${id}`);
}

/** The key of the n-th note on deliveries. */
export function deliveryKey(n: number): DeliveryKey {
  return checked(`deliveries/${n.toString().padStart(12, '0')}`);
}

/** The key of the n-th record of a package of another registry. @param hash SHA-256 of its name, in hex */
export function upstreamKey(hash: string, n: number): UpstreamKey {
  return checked(`upstream/${hash}/${n.toString().padStart(12, '0')}`);
}

/**
 * The key of the n-th note of attempts.
 * @throws TypeError when `id` is not 64 hex digits
 */
export function attemptKey(id: string, n: number): AttemptKey {
  return checked(`attempts/${id.slice(0, 2)}/${id.slice(2)}-${n.toString().padStart(12, '0')}`);
}

/** What the keys of notes of attempts begin with, and the part of it that can be listed. Few ids share one. */
export function attemptPrefix(id: string): { readonly folder: `attempts/${string}/`; readonly start: string } {
  const folder = `attempts/${id.slice(0, 2)}/` as const;
  return { folder, start: `${folder}${id.slice(2)}-` };
}

/**
 * The key of a one-time code of a user.
 * @throws TypeError when `user` is not an opaque id
 */
export function codeKey(step: number, user: string): CodeKey {
  return checked(`codes/${step.toString().padStart(12, '0')}-${user}`);
}

/** The step of a one-time code that was used. */
export function codeStep(key: CodeKey): number {
  return Number(key.slice('codes/'.length, 'codes/'.length + 12));
}

/** The key of a file of uses. @param id 16 hex digits */
export function useKey(ms: number, id: string): UseKey {
  return checked(`uses/${Math.floor(ms).toString().padStart(15, '0')}-${id}`);
}

/**
 * What kind of key this is. Every store asks before it touches a file or sends a request.
 * @throws TypeError when it is no key at all
 */
export function keyKind(key: string): KeyKind {
  const kind = findKind(key);
  if (kind === undefined) throw new TypeError(`"${key}" is not a key of a store`);
  return kind;
}

/** Whether this is a key: others put files and objects beside ours. */
export function isStoreKey(key: string): key is StoreKey {
  return findKind(key) !== undefined;
}

/**
 * Returns the prefix if it is one that can be listed.
 * @throws TypeError when it is not
 */
export function checkedPrefix(prefix: KeyPrefix): KeyPrefix {
  if (!PREFIX.test(prefix)) throw new TypeError(`"${prefix}" is not a prefix of a store`);
  return prefix;
}

function findKind(key: string): KeyKind | undefined {
  return Object.values(KEY_KINDS).find(({ pattern }) => pattern.test(key));
}

function checked<Key extends StoreKey>(key: Key): Key {
  keyKind(key);
  return key;
}
