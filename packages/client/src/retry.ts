import { EbpmError } from '@ebpm/formats';
import type { HttpAnswer } from './http.js';
import { MAX_ANSWERED_MS, MAX_RETRY_AFTER_MS } from './limits.js';

/** Statuses that say "not now": RFC 6585 section 4, RFC 9110 section 15.6. */
const NOT_NOW: readonly number[] = [429, 502, 503, 504];

/** What breaks in the middle and may well not break again. What does not answer at all has been waited for long enough. */
const BROKEN: readonly string[] = [
  'ECONNRESET',
  'EPIPE',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
];

/**
 * How long to wait before an answer is asked for again, in milliseconds; undefined where it is final, as it is after a server that has thought
 * about it for long. What the server says goes before `delayMs`, which is spread, so that many clients do not come back in the same moment.
 */
export function pauseAfterAnswer(
  { status, headers }: Omit<HttpAnswer, 'body'>,
  { delayMs, tookMs, nowMs }: { readonly delayMs: number; readonly tookMs: number; readonly nowMs: number },
): number | undefined {
  if (!NOT_NOW.includes(status) || tookMs > MAX_ANSWERED_MS) return undefined;
  const wished = retryAfterMs(headers['retry-after'], nowMs);
  if (wished === undefined) return spread(delayMs);
  return wished <= MAX_RETRY_AFTER_MS ? wished : undefined;
}

/** The same for a failure. */
export function pauseAfterFailure(error: unknown, delayMs: number): number | undefined {
  const isBroken =
    error instanceof EbpmError &&
    error.code === 'EBPM_REGISTRY_UNREACHABLE' &&
    BROKEN.includes(String(error.data?.['code']));
  return isBroken ? spread(delayMs) : undefined;
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function spread(delayMs: number): number {
  return delayMs * (0.5 + Math.random());
}
