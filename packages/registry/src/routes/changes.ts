import {
  type ApiChanges,
  type ApiChangesQuery,
  apiChangesQuerySchema,
  apiChangesSchema,
  apiReadHeadersSchema,
} from '@ebpm/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { formatPlace, parsePlace } from '../feed/change.js';
import { sendEvents } from '../feed/event-stream.js';
import { StreamSlots } from '../feed/stream-slots.js';
import { readHook } from '../http/read-hook.js';
import { canReadNamed, identifyReader } from '../http/reader.js';
import { FEED_LIMITS } from '../limits.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/changes and .../changes/stream: what happens to packages, page by page or as it happens. */
export function changeRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { feed, log } = registry;
  const mayReadOf = (request: FastifyRequest) => (name: string) => canReadNamed(context, request, name);
  app.get<{ Querystring: ApiChangesQuery; Reply: ApiChanges }>('/api/v1/changes', {
    schema: {
      summary: 'What happened to packages, in the order of the log',
      operationId: 'listChanges',
      querystring: apiChangesQuerySchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiChangesSchema },
    },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { after: place = '0', limit = FEED_LIMITS.pageDefault } = request.query;
      const after = parsePlace(place);
      await log.waitFor(after.seq, { signal: request.signal });
      const page = await feed.read({ after, limit, mayRead: mayReadOf(request) });
      if (request.headers.authorization !== undefined) reply.header('cache-control', 'private, no-cache');
      return { changes: page.changes.map(({ told }) => told), next: formatPlace(page.next), isEnd: page.isEnd };
    },
  });

  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const slots = new StreamSlots(FEED_LIMITS.streams);
  app.get<{ Querystring: ApiChangesQuery }>('/api/v1/changes/stream', {
    // A HEAD would hold its place among the streams and get nothing.
    exposeHeadRoute: false,
    schema: {
      summary: 'What happens to packages, as server-sent events',
      operationId: 'streamChanges',
      produces: ['text/event-stream'],
      querystring: apiChangesQuerySchema,
      headers: apiReadHeadersSchema,
    },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { 'last-event-id': lastId } = request.headers;
      const place = typeof lastId === 'string' && /^\d{1,12}-\d{1,3}$/.test(lastId) ? lastId : request.query.after;
      const after = place === undefined ? feed.end() : parsePlace(place);
      await log.waitFor(after.seq, { signal: request.signal });
      const giveBack = slots.take();
      reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      const { raw: response } = reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) response.setHeader(name, value);
      response.writeHead(200).flushHeaders();
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      try {
        const signal = AbortSignal.any([gone.signal, closing.signal]);
        await sendEvents({ feed, response, signal, after, mayRead: mayReadOf(request) });
      } catch (error) {
        // The head is out: all that is left to say is that it ends here.
        request.log.error({ err: error }, 'stream of changes failed');
      } finally {
        giveBack();
        response.end();
      }
    },
  });
}
