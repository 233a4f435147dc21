import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { REGISTRY_ERRORS } from '../errors.js';
import { errorAnswer } from './error-answer.js';

/** Lets every error, and every path that is none of ours, leave as `{code, message, data?}`. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => answer(error, request, reply));
  app.setNotFoundHandler((request, reply) => answer(routeNotFound(request), request, reply));
}

/** What requests, load or other servers bring about, not a failure of this one: a line each, without a stack. */
const PASSING: ReadonlySet<string> = new Set<keyof typeof REGISTRY_ERRORS>([
  'EBPM_LOG_BUSY',
  'EBPM_OUTBOUND_ANSWER_INVALID',
  'EBPM_OUTBOUND_FAILED',
  'EBPM_REGISTRY_BEHIND',
  'EBPM_REGISTRY_BUSY',
  'EBPM_REGISTRY_CLOSING',
  'EBPM_REGISTRY_OVERLOADED',
]);

/** Sends an error; also for fastify's errors from before there is a route. */
export function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body, headers } = errorAnswer(error, request.id);
  if (error instanceof EbpmError && PASSING.has(error.code)) request.log.warn({ code: error.code }, error.message);
  else if (status >= 500) request.log.error({ err: error }, 'request failed');
  // What the route has said of its answer is not true of an error, which no cache is to keep.
  reply.removeHeader('etag').removeHeader('accept-ranges').header('cache-control', 'no-store');
  void reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body);
}

function routeNotFound({ method, url }: FastifyRequest): EbpmError {
  const message = `Cannot ${method} "${url.slice(0, 200)}": the API has no such route`;
  return new EbpmError('EBPM_ROUTE_NOT_FOUND', message);
}
