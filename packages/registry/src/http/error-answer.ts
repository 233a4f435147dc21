import { EbpmError, type ErrorCode, type ErrorTable, FORMATS_ERRORS } from '@ebpm/formats';
import { OBJECT_ERRORS } from '@ebpm/object/errors';
import type { ApiError } from '@ebpm/schemas';
import { REGISTRY_ERRORS, type RegistryErrorRow } from '../errors.js';

/** An error as it leaves the server. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ApiError;
  readonly headers: Readonly<Record<string, string>>;
}

/** After how many seconds a client asks again when the registry cannot answer at the moment. */
const RETRY_AFTER_S = '2';

/**
 * The one way from an error to an answer. What only concerns the server (keys, stores, failures that nobody thought of) tells no more
 * than its code: the server's log has the rest under the request's id.
 */
export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  const known = toEbpmError(error);
  const row = known && rowOf(known.code);
  if (known === undefined || row === undefined)
    return serverFault('EBPM_INTERNAL', REGISTRY_ERRORS.EBPM_INTERNAL, requestId);
  const { code, message, hint, data } = known;
  if (row.status === 500 || code.startsWith('EBPM_STORE_')) return serverFault(code, row, requestId);
  const more = { ...data, ...(hint !== undefined && { hint }) };
  const body: ApiError = { code, message, ...(Object.keys(more).length > 0 && { data: more }) };
  return { status: row.status, body, headers: headersOf(row.status, data) };
}

type Row = Pick<RegistryErrorRow, 'status' | 'meaning'>;

/** What can be wrong with a package that somebody sends. */
const PACKAGE_ERRORS: ErrorTable = { ...FORMATS_ERRORS, ...OBJECT_ERRORS };

function rowOf(code: string): Row | undefined {
  const own: Readonly<Record<string, Row>> = REGISTRY_ERRORS;
  const row = own[code] ?? Object.entries(PACKAGE_ERRORS).find(([other]) => other === code)?.[1];
  return row && { status: 422, ...row, ...(code === 'EBPM_ARCHIVE_TOO_LARGE' && { status: 413 }) };
}

function serverFault(code: string, { status, meaning }: Row, request: string): ErrorAnswer {
  return {
    status,
    body: { code, message: `Cannot answer: ${meaning}`, data: { request } },
    headers: headersOf(status),
  };
}

function headersOf(status: number, data: EbpmError['data'] = {}): Readonly<Record<string, string>> {
  if (status === 503) return { 'retry-after': RETRY_AFTER_S };
  if (status === 429 && typeof data['seconds'] === 'number') return { 'retry-after': String(data['seconds']) };
  // RFC 9110 section 11.6.1: an answer 401 says how to authenticate.
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  return {};
}

/** Fastify's own errors, by the code that stands for each; https://fastify.dev/docs/latest/Reference/Errors/ lists them. */
const FASTIFY_ERRORS: ReadonlyMap<unknown, readonly [code: ErrorCode, reason: string]> = new Map([
  ['FST_ERR_BAD_URL', ['EBPM_REQUEST_INVALID', 'its path is not a valid URL']],
  ['FST_ERR_MAX_PARAM_LENGTH', ['EBPM_REQUEST_TOO_LARGE', 'a part of its path is too long']],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', ['EBPM_REQUEST_INVALID', 'its body has another size than content-length']],
  ['FST_ERR_CTP_BODY_TOO_LARGE', ['EBPM_ARCHIVE_TOO_LARGE', 'its body is larger than an archive may be']],
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    [
      'EBPM_UNSUPPORTED_MEDIA_TYPE',
      'wanted "content-type: application/x-tar" for an archive, "application/json" for anything else',
    ],
  ],
]);

function toEbpmError(error: unknown): EbpmError | undefined {
  if (error instanceof EbpmError) return error;
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  const row = FASTIFY_ERRORS.get(code);
  if (row !== undefined) return new EbpmError(row[0], `Cannot read the request: ${row[1]}`, { cause: error });
  // What else fastify blames on the client: a body that broke off.
  const isTheClients = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  if (!isTheClients) return undefined;
  return new EbpmError('EBPM_REQUEST_INVALID', 'Cannot read the request: it broke off', { cause: error });
}
