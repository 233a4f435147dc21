import { StoreError } from './store-error.js';

/** Answers below 500 after which the request may have been carried out, or may be yet. */
const AMBIGUOUS_STATUS = [408, 409, 412, 429];

/** What the SDK says where the server has said no more than a code, as Ceph RGW does. */
const NO_MESSAGE = 'UnknownError';

/**
 * A failed request as a store's error. Only a plain 4xx says that nothing was done; a timeout, a broken connection, an unreadable
 * answer and any 5xx do not. (Ceph RGW answers 500 to some of the writers that race for one key, winners among them.)
 */
export function s3Error(action: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof Error)) throw error;
  const status = statusOf(error);
  const isPlain = status !== undefined && status >= 400 && status < 500 && !AMBIGUOUS_STATUS.includes(status);
  const said = status === undefined ? error.name : `${status} ${error.name}`;
  const saysNothing = ['', error.name, NO_MESSAGE].includes(error.message);
  const message = `${action}: ${saysNothing ? said : `${said}, ${error.message}`}`;
  return new StoreError(isPlain ? 'refused' : 'ambiguous', message, {
    cause: error,
    data: { status, name: error.name },
  });
}

/** Whether the server answered with this status. */
export function hasStatus(error: unknown, status: number): boolean {
  return statusOf(error) === status;
}

/** Whether a GET found nothing. That the whole bucket is missing is a 404 as well, and another matter. */
export function isMissingKey(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchKey';
}

/** S3 error RequestTimeTooSkewed: our clock is more than 15 minutes off; the request was not carried out. */
export function isTimeTooSkewed(error: unknown): boolean {
  return error instanceof Error && error.name === 'RequestTimeTooSkewed';
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
