import { STORE_LIMITS } from '../limits-log.js';
import { keyKind, type StoreKey } from './keys.js';
import type { ListOptions } from './store.js';
import { StoreError } from './store-error.js';

/**
 * Checks a key and that an object of this size may stand under it.
 * @throws TypeError when it is no key; EBPM_STORE_REFUSED when the object is too large
 */
export function checkSize(key: StoreKey, sizeBytes: number, action: 'create' | 'write' | 'read'): void {
  const { maxSizeBytes } = keyKind(key);
  if (sizeBytes <= maxSizeBytes) return;
  throw new StoreError(
    'refused',
    `Cannot ${action} "${key}": it has ${sizeBytes} bytes, and ${maxSizeBytes} is the limit`,
  );
}

/**
 * Checks that a key may be removed.
 * @throws TypeError when it may not: an entry's number would become writable again
 */
export function checkRemovable(key: StoreKey): void {
  if (!keyKind(key).removable) throw new TypeError(`"${key}" is never removed`);
}

/** How many keys a listing gives at most. */
export function pageLimit({ limit = STORE_LIMITS.listKeys }: ListOptions): number {
  return Math.min(limit, STORE_LIMITS.listKeys);
}
