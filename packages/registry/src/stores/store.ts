import type { BlobKey, KeyPrefix, LargeKey, LogKey, RemovableKey, StoreKey } from './keys.js';

/** A part of an object: `lengthBytes` from `offsetBytes`, cut at the object's end. */
export interface ByteRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * Where a registry keeps everything: objects under keys, never changed once they are there. Every method rejects with a
 * `StoreError` whose `outcome` says whether the request may have had an effect, and with a `TypeError` for what is no key.
 */
export interface Store {
  /** The store's address for people, without secrets: `file:/srv/registry`. */
  readonly name: string;

  /**
   * Writes `bytes` under `key` if nothing is there, atomically and durably: of any number of callers in any number of
   * processes one gets `created`. `exists` may also be the answer to one's own earlier or repeated request.
   */
  create(key: StoreKey, bytes: Uint8Array, signal?: AbortSignal): Promise<'created' | 'exists'>;

  /** Writes a blob whether it is there or not: same key, same bytes, so that a damaged one is healed. */
  putBlob(key: BlobKey, bytes: Uint8Array, signal?: AbortSignal): Promise<Vouched>;

  /** Writes a segment or a snapshot from a file, whether it is there or not: both are made from entries, which do not change. */
  putFile(key: LargeKey, path: string, signal?: AbortSignal): Promise<void>;

  /**
   * Writes over an entry. Only for `redact`, which takes lines of operations away while no replica runs and leaves the header
   * as it is: nothing else may change what was committed.
   */
  overwriteEntry(key: LogKey, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;

  /** The bytes, or undefined when nothing is there. Refused when they are more than the kind of key allows. */
  get(key: StoreKey, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array | undefined>;

  /** Up to `limit` (at most and by default 1,000) keys under `prefix` that sort after `after`, in byte order. */
  list(prefix: KeyPrefix, options?: ListOptions): Promise<readonly StoreKey[]>;

  /** The size in bytes, or undefined when nothing is there. */
  head(key: StoreKey, signal?: AbortSignal): Promise<number | undefined>;

  /** When the object was last written, in milliseconds since 1970 by the store's clock, or undefined when nothing is there. */
  writtenAtMs(key: StoreKey, signal?: AbortSignal): Promise<number | undefined>;

  /** Removes anything but an entry; no error when it is not there. Entries are refused with a TypeError. */
  remove(key: RemovableKey, signal?: AbortSignal): Promise<void>;

  /** A URL under which anybody gets the blob from the store itself for so many seconds; missing where a store has no such thing. */
  presignedUrl?(key: BlobKey, seconds: number): Promise<string>;

  /** What the store's clock shows more than this machine's, in milliseconds; 0 for stores on this machine. */
  clockOffsetMs(): number;

  /** Ends connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Whether a store has answered that it has these very bytes, or only that it took some. */
export type Vouched = 'vouched' | 'unknown';

/** Which keys a `list` gives. */
export interface ListOptions {
  readonly after?: string;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}
