import { STORE_LIMITS } from '../limits-log.js';
import type { LargeKey } from './keys.js';
import type { Store } from './store.js';
import { StoreError } from './store-error.js';

/**
 * The bytes of a segment or snapshot, part by part, so that no more than one of them is in memory; nothing when it is not there.
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE, the latter also when it changes meanwhile
 */
export async function* readLargeObject(
  store: Store,
  key: LargeKey,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const sizeBytes = (await store.head(key, signal)) ?? 0;
  for (let offsetBytes = 0; offsetBytes < sizeBytes; ) {
    const part = await store.get(key, { offsetBytes, lengthBytes: STORE_LIMITS.partSizeBytes }, signal);
    if (part === undefined || part.length === 0) {
      throw new StoreError('ambiguous', `Cannot read "${key}": it ended at ${offsetBytes} of ${sizeBytes} bytes`);
    }
    offsetBytes += part.length;
    yield part;
  }
}
