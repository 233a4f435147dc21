import { StoreError, type StoreOutcome } from './store-error.js';

/** Whether an error is the system's, with this code. */
export function isErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** A failed system call as a store's error. */
export function localError(outcome: StoreOutcome, action: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof Error && 'code' in error)) throw error;
  const full = isErrno(error, 'ENOSPC', 'EDQUOT')
    ? { isFull: true, hint: 'Make room on the disk; the store is sound' }
    : {};
  return new StoreError(outcome, `${action}: ${error.message}`, { cause: error, data: { errno: error.code }, ...full });
}

/** Undefined for a file that is not there; anything else is thrown as a store's error. */
export function ignoreMissing(error: unknown, action: string): undefined {
  if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
  throw localError('refused', action, error);
}
