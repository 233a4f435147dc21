import { type ApiWhoami, apiReadHeadersSchema, apiWhoamiSchema } from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { readHook } from '../http/read-hook.js';
import { requireToken } from '../http/require-token.js';
import { type RouteContext, tokenOf } from './route-context.js';

/** GET /api/v1/whoami: whose token it is. */
export function whoamiRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  app.get<{ Reply: ApiWhoami }>('/api/v1/whoami', {
    schema: {
      summary: 'Whose token it is',
      operationId: 'whoami',
      headers: apiReadHeadersSchema,
      response: { 200: apiWhoamiSchema },
    },
    onRequest: requireToken(registry, context, undefined),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { id, user, expiresAt } = tokenOf(context, request);
      const name = (await registry.people.nameOf(user)) ?? user;
      reply.header('cache-control', 'no-store');
      return { user: { id: user, name }, token: { id, ...(expiresAt !== undefined && { expires: expiresAt }) } };
    },
  });
}
