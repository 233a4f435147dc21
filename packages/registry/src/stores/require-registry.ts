import { EbpmError } from '@ebpm/formats';
import type { Store } from './store.js';

/**
 * Makes sure that a store holds a registry: one whose address was mistyped is empty, and nothing is wrong with it.
 * @throws EBPM_STORE_EMPTY; EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function requireRegistry(store: Store): Promise<void> {
  for (const prefix of ['log/', 'accounts/'] as const) {
    if ((await store.list(prefix, { limit: 1 })).length > 0) return;
  }
  throw noRegistry(store.name);
}

/** The error of a store without a registry. */
export function noRegistry(name: string): EbpmError {
  return new EbpmError('EBPM_STORE_EMPTY', `Cannot use the store "${name}": there is no registry in it`, {
    hint: 'Look at the address of the store',
  });
}
