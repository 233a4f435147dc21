import type { FastifyInstance } from 'fastify';
import type { AccessLog } from './access-log.js';
import type { Identities } from './require-token.js';

/** Writes a line for every request that a route answered; those that memory answers are written where that happens. */
export function logRequests(app: FastifyInstance, log: AccessLog, tokens: Identities['tokens']): void {
  app.addHook('onResponse', async (request, reply) => {
    log.write({
      id: request.id,
      address: request.ip,
      request: request.raw,
      status: reply.statusCode,
      sizeBytes: Number(reply.getHeader('content-length') ?? 0),
      durationMs: reply.elapsedTime,
      token: tokens.get(request)?.id,
    });
  });
  app.addHook('onClose', async () => log.close());
}
