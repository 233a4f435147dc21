import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from '../registry.js';
import { positionHeaders, waitForPositions } from './seen-positions.js';

/**
 * A hook for routes that read the logs and validate their headers: waits until what the client has seen is here, and says in the answer how far it is,
 * signed.
 */
export function readHook(registry: Pick<Registry, 'log' | 'accountsLog' | 'signedHead'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const seen = request.headers['ebpm-min-seq'];
    if (typeof seen === 'string') await waitForPositions(registry, seen, request.signal);
    reply.headers(positionHeaders(registry));
  };
}
