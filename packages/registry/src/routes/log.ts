import { type ApiLogQuery, apiLogQuerySchema, apiReadHeadersSchema } from '@ebpm/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { audienceOf } from '../fold/operation-audience.js';
import { readHook } from '../http/read-hook.js';
import { canRead, identifyReader } from '../http/reader.js';
import { HTTP_LIMITS } from '../limits.js';
import type { Op } from '../log/op.js';
import { storedEntries } from '../log/stored-entries.js';
import { visibleEntry } from '../log/visible-entry.js';
import type { RouteContext } from './route-context.js';

/**
 * GET /api/v1/log/entries: entries of the public log as they are stored, without the operations that who asks may not see.
 * GET /api/v1/log/checkpoint: its head, signed. GET /api/v1/log/revocations: what must not be used any more, signed. GET /api/v1/log/key: what checks the signature.
 */
export function logRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  app.get<{ Querystring: ApiLogQuery }>('/api/v1/log/entries', {
    schema: {
      summary: 'Entries of the log as they are stored, NDJSON',
      operationId: 'listLogEntries',
      querystring: apiLogQuerySchema,
      headers: apiReadHeadersSchema,
      produces: ['application/x-ndjson'],
    },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { from = 1, limit = HTTP_LIMITS.logEntries } = request.query;
      if (registry.log.head().seq < from) await registry.log.kick();
      reply.header('cache-control', 'no-cache').type('application/x-ndjson; charset=utf-8');
      return reply.send(await entriesOf(context, request, { first: from, limit }));
    },
  });

  app.get('/api/v1/log/checkpoint', {
    schema: { summary: 'The signed head of the log', operationId: 'getCheckpoint', produces: ['text/plain'] },
    async handler(_request, reply) {
      reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      return reply.send(registry.signedHead.note());
    },
  });

  app.get('/api/v1/log/revocations', {
    schema: {
      summary: 'What must not be used any more, signed: revoked keys, and what was taken down',
      operationId: 'getRevocations',
      headers: apiReadHeadersSchema,
      produces: ['text/plain'],
    },
    preHandler: readHook(registry),
    async handler(_request, reply) {
      reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      return reply.send(registry.signedRevocations.note());
    },
  });

  app.get('/api/v1/log/key', {
    schema: {
      summary: 'The key that checks the signature of the head',
      operationId: 'getLogKey',
      produces: ['text/plain'],
    },
    async handler(_request, reply) {
      reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      return reply.send(`${registry.signedHead.key()}\n`);
    },
  });
}

interface Wanted {
  readonly first: number;
  readonly limit: number;
}

/** As many whole entries as fit, and no more than this replica has folded: it knows who may see those. */
async function entriesOf(context: RouteContext, request: FastifyRequest, { first, limit }: Wanted): Promise<Buffer> {
  const { log, store } = context.registry;
  const last = Math.min(first + limit - 1, log.head().seq);
  const found: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const bytes of storedEntries(store, { log: 'log', first, last })) {
    const visible = visibleEntry(bytes, (op) => maySee(context, request, op));
    sizeBytes += visible.length;
    if (sizeBytes > HTTP_LIMITS.logAnswerSizeBytes && found.length > 0) break;
    found.push(visible);
  }
  return Buffer.concat(found);
}

function maySee(context: RouteContext, request: FastifyRequest, op: Op): boolean {
  const { packages } = context.registry;
  const audience = audienceOf(op, (name) => packages.package(name));
  if (audience === 'operator') return false;
  if (audience.kind === 'everybody') return true;
  const state = packages.package(audience.name);
  return state !== undefined && canRead(context, request, state);
}
