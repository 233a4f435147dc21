import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentPositions, type Logs, waitForPositions } from './seen-positions.js';

/**
 * A hook for routes that read the logs and validate their headers: waits until what the client has seen is here, and says in the answer how far it is.
 */
export function readHook(logs: Logs) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const seen = request.headers['ebpm-min-seq'];
    if (typeof seen === 'string') await waitForPositions(logs, seen, request.signal);
    reply.header('ebpm-seq', currentPositions(logs));
  };
}
