import { type Digest, digestHex, digestOf, EbpmError } from '@ebpm/formats';
import { HTTP_LIMITS } from '../limits.js';
import { blobKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { StoreError } from '../stores/store-error.js';
import { digestOffThread } from './digest-off-thread.js';

/** Bytes under their digest. */
export interface Blobs {
  /**
   * Stores bytes. When it resolves, the store has them; storing them twice does no harm.
   * @throws EBPM_DIGEST_MISMATCH when they are not those of the digest
   * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE, the latter also when the store has something else afterwards
   */
  put(digest: Digest, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;

  /**
   * The bytes, whose digest was computed again, or undefined.
   * @throws EBPM_BLOB_DAMAGED when it is not the one asked for
   * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
   */
  get(digest: Digest, signal?: AbortSignal): Promise<Uint8Array | undefined>;

  /** The size in bytes, or undefined when there is no such blob. */
  size(digest: Digest, signal?: AbortSignal): Promise<number | undefined>;

  /** Where the store itself gives the bytes to anybody, for 5 minutes; missing where it cannot. */
  location?(digest: Digest): Promise<string>;
}

/** Where a store does not vouch for them, up to 64 KiB are read back whole after storing: about as quick as asking for the size. */
const READ_BACK_SIZE_BYTES = 64 * 1024;

/** The blobs of a store. They are verified here, because not every store verifies what it is sent. */
export function createBlobs(store: Store): Blobs {
  const keyOf = (digest: Digest) => blobKey(digestHex(digest));
  const presignedUrl = store.presignedUrl?.bind(store);
  return {
    async put(digest, bytes, signal) {
      const actual = await digestOffThread(bytes);
      if (actual !== digest) {
        const message = `Cannot store the blob "${digest}": the bytes have the digest "${actual}"`;
        throw new EbpmError('EBPM_DIGEST_MISMATCH', message);
      }
      const vouched = await store.putBlob(keyOf(digest), bytes, signal);
      if (vouched === 'vouched' || (await isStored(store, digest, { sizeBytes: bytes.length, signal }))) return;
      throw new StoreError(
        'ambiguous',
        `Cannot store the blob "${digest}": "${store.name}" has other bytes afterwards`,
      );
    },
    async get(digest, signal) {
      const bytes = await store.get(keyOf(digest), undefined, signal);
      if (bytes === undefined) return undefined;
      const actual = await digestOffThread(bytes);
      if (actual === digest) return bytes;
      const message = `Cannot read the blob "${digest}": "${store.name}" has bytes with the digest "${actual}"`;
      throw new EbpmError('EBPM_BLOB_DAMAGED', message, {
        hint: 'Publish the same archive again: that writes it anew',
      });
    },
    size: (digest, signal) => store.head(keyOf(digest), signal),
    ...(presignedUrl !== undefined && {
      location: (digest) => presignedUrl(keyOf(digest), HTTP_LIMITS.presignedS),
    }),
  };
}

async function isStored(
  store: Store,
  digest: Digest,
  { sizeBytes, signal }: { readonly sizeBytes: number; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const key = blobKey(digestHex(digest));
  if (sizeBytes > READ_BACK_SIZE_BYTES) return (await store.head(key, signal)) === sizeBytes;
  const bytes = await store.get(key, undefined, signal);
  return bytes !== undefined && digestOf(bytes) === digest;
}
