import { StoreError } from './store-error.js';

/** For what is done again and again: a store that does not answer is asked again the next time. @throws every other error */
export function ignoreStoreError(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
