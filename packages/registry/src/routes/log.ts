import { type ApiLogQuery, apiLogQuerySchema, apiReadHeadersSchema } from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { audienceOf } from '../fold/operation-audience.js';
import { readHook } from '../http/read-hook.js';
import { HTTP_LIMITS } from '../limits.js';
import { storedEntries } from '../log/stored-entries.js';
import { visibleEntry } from '../log/visible-entry.js';
import type { Registry } from '../registry.js';
import type { RouteContext } from './route-context.js';

/**
 * GET /api/v1/log/entries: entries of the public log as they are stored, without the operations that are not for everybody.
 * GET /api/v1/log/checkpoint: its head, signed. GET /api/v1/log/key: what checks the signature.
 */
export function logRoutes(app: FastifyInstance, { registry }: RouteContext): void {
  app.get<{ Querystring: ApiLogQuery }>('/api/v1/log/entries', {
    schema: {
      querystring: apiLogQuerySchema,
      headers: apiReadHeadersSchema,
      summary: 'Entries of the log as they are stored, NDJSON',
      produces: ['application/x-ndjson'],
    },
    preHandler: readHook(registry),
    async handler({ query: { from = 1, limit = HTTP_LIMITS.logEntries } }, reply) {
      if (registry.log.head().seq < from) await registry.log.kick();
      reply.header('cache-control', 'no-cache').type('application/x-ndjson; charset=utf-8');
      return reply.send(await entriesOf(registry, from, limit));
    },
  });

  app.get('/api/v1/log/checkpoint', {
    schema: { summary: 'The signed head of the log', produces: ['text/plain'] },
    async handler(_request, reply) {
      reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      return reply.send(registry.signedHead.note());
    },
  });

  app.get('/api/v1/log/key', {
    schema: { summary: 'The key that checks the signature of the head', produces: ['text/plain'] },
    async handler(_request, reply) {
      reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      return reply.send(`${registry.signedHead.key()}\n`);
    },
  });
}

/** As many whole entries as fit, and no more than this replica has folded: it knows who may see those. */
async function entriesOf({ log, store, packages }: Registry, first: number, limit: number): Promise<Buffer> {
  const last = Math.min(first + limit - 1, log.head().seq);
  const found: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const bytes of storedEntries(store, { log: 'log', first, last })) {
    const visible = visibleEntry(bytes, (op) => isForEverybody(audienceOf(op, (name) => packages.package(name))));
    sizeBytes += visible.length;
    if (sizeBytes > HTTP_LIMITS.logAnswerSizeBytes && found.length > 0) break;
    found.push(visible);
  }
  return Buffer.concat(found);
}

function isForEverybody(audience: ReturnType<typeof audienceOf>): boolean {
  return typeof audience === 'object' && audience.kind === 'everybody';
}
