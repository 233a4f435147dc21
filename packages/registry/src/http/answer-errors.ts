import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorAnswer } from './error-answer.js';

/** Lets every error, and every path that is none of ours, leave as `{code, message, data?}`. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => answer(error, request, reply));
  app.setNotFoundHandler((request, reply) => answer(routeNotFound(request), request, reply));
}

/** Sends an error; also for fastify's errors from before there is a route. */
export function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body, headers } = errorAnswer(error, request.id);
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  // What the route has said of its answer is not true of an error, which no cache is to keep.
  reply.removeHeader('etag').removeHeader('accept-ranges').header('cache-control', 'no-store');
  void reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body);
}

function routeNotFound({ method, url }: FastifyRequest): EbpmError {
  const message = `Cannot ${method} "${url.slice(0, 200)}": the API has no such route`;
  return new EbpmError('EBPM_ROUTE_NOT_FOUND', message);
}
