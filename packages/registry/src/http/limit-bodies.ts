import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance } from 'fastify';
import type { ByteBudget } from './byte-budget.js';

/**
 * Before a body is read, takes its size from what may be held at a time. A body without `content-length` could be of any size
 * and is refused.
 * @throws EBPM_REGISTRY_BUSY, EBPM_REQUEST_INVALID
 */
export function limitBodies(app: FastifyInstance, budget: ByteBudget): void {
  app.addHook('preParsing', async (request, reply, payload) => {
    const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
    if (transfer !== undefined) {
      reply.header('connection', 'close');
      throw new EbpmError('EBPM_REQUEST_INVALID', 'Cannot read the request: its body has no "content-length"');
    }
    const sizeBytes = Number(length ?? 0);
    // Larger ones than the route takes are refused by their length alone.
    if (sizeBytes === 0 || sizeBytes > request.routeOptions.bodyLimit) return payload;
    reply.raw.once('close', take());
    return payload;

    function take(): () => void {
      try {
        return budget.take(sizeBytes);
      } catch (error) {
        reply.header('connection', 'close');
        throw error;
      }
    }
  });
}
