import { type ApiHealth, apiHealthSchema } from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { errorAnswer } from '../http/error-answer.js';
import type { RouteContext } from './route-context.js';

/** GET /healthz: the process answers. GET /readyz: it can also write; 503 says why not. */
export function healthRoutes(app: FastifyInstance, { registry: { log, accountsLog } }: RouteContext): void {
  const response = { 200: apiHealthSchema, 503: apiHealthSchema };

  app.get<{ Reply: ApiHealth }>('/healthz', {
    schema: { summary: 'Whether the process answers', operationId: 'getHealth', response },
    async handler(_request, reply) {
      reply.header('cache-control', 'no-store');
      return { status: 'ok', seq: log.head().seq };
    },
  });

  app.get<{ Reply: ApiHealth }>('/readyz', {
    schema: { summary: 'Whether something can be written, and why not', operationId: 'getReadiness', response },
    async handler(request, reply) {
      reply.header('cache-control', 'no-store');
      const { seq } = log.head();
      for (const health of [log.health(), accountsLog.health()]) {
        if (!health.ok)
          return reply
            .code(503)
            .send({ status: 'unready', seq, reason: errorAnswer(health.error, request.id).body.message });
      }
      return { status: 'ok', seq };
    },
  });
}
