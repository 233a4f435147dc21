import { EbpmError } from '@ebpm/formats';
import type { Store } from '../stores/store.js';

/**
 * Makes sure that a store holds a registry: a directory whose name was mistyped is an empty store, of which nothing is wrong.
 * @param action for the error, reads on from "Cannot"
 * @throws EBPM_STORE_EMPTY; EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function requireRegistry(store: Store, action: string): Promise<void> {
  for (const prefix of ['log/', 'accounts/'] as const) {
    if ((await store.list(prefix, { limit: 1 })).length > 0) return;
  }
  throw new EbpmError('EBPM_STORE_EMPTY', `Cannot ${action}: there is no registry in "${store.name}"`, {
    hint: 'Look at the address of the store',
  });
}
