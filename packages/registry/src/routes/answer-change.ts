import type { FastifyReply, FastifyRequest } from 'fastify';
import { positionHeaders } from '../http/seen-positions.js';
import type { Registry } from '../registry.js';

/** Hooks of a route that changes something: its answer says where the logs are then, signed, and no cache keeps it. */
export function changeHooks(registry: Registry) {
  return {
    onSend: async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      reply.headers({ ...positionHeaders(registry), 'cache-control': 'no-store' });
    },
  };
}
