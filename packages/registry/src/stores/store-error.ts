import { EbpmError, type EbpmErrorOptions } from '@ebpm/formats';

/**
 * What is known after a request failed. `refused`: the store said no, nothing was done, and asking again will not help.
 * `ambiguous`: it may have been done, or may still be done later.
 */
export type StoreOutcome = 'refused' | 'ambiguous';

/** What else is known of a store's failure. */
export interface StoreErrorOptions extends EbpmErrorOptions {
  /** It was refused since there is no room left. Default false. */
  readonly isFull?: boolean;
}

/** A store's failure, with what is known about its effect. */
export class StoreError extends EbpmError {
  readonly outcome: StoreOutcome;

  constructor(outcome: StoreOutcome, message: string, { isFull = false, ...options }: StoreErrorOptions = {}) {
    super(
      outcome === 'ambiguous' ? 'EBPM_STORE_UNAVAILABLE' : isFull ? 'EBPM_STORE_FULL' : 'EBPM_STORE_REFUSED',
      message,
      options,
    );
    this.outcome = outcome;
  }
}

/** Whether an error says that nothing was done. */
export function isRefused(error: unknown): error is StoreError {
  return error instanceof StoreError && error.outcome === 'refused';
}
