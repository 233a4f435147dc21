import {
  type ApiSearchHit,
  type ApiSearchQuery,
  type ApiSearchResult,
  apiReadHeadersSchema,
  apiSearchQuerySchema,
  apiSearchResultSchema,
} from '@ebpm/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VersionState } from '../fold/package-state.js';
import { readHook } from '../http/read-hook.js';
import { canReadNamed, identifyReader } from '../http/reader.js';
import { ANYBODY, type SearchViewer } from '../index/search-match.js';
import { parseSearchQuery } from '../index/search-query.js';
import { SEARCH_LIMITS } from '../limits.js';
import type { Registry } from '../registry.js';
import { publisherNames } from './publisher-names.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/search: packages by words, page by page. */
export function searchRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  app.get<{ Querystring: ApiSearchQuery; Reply: ApiSearchResult }>('/api/v1/search', {
    schema: {
      summary: 'One page of the packages that words and filters find',
      operationId: 'search',
      querystring: apiSearchQuerySchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiSearchResultSchema },
    },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { q = '', limit = SEARCH_LIMITS.pageDefault, cursor } = request.query;
      const publishers = await publisherIds(registry, q);
      const viewer = viewerOf(context, request);
      const nowMs = registry.clock.nowMs();
      const page = registry.search.search({ text: q, limit, cursor, publishers, viewer, nowMs });
      if (viewer.ids.length > 0) reply.header('cache-control', 'private, no-cache');
      const { results, ...rest } = page;
      const names = await publisherNames(registry.people, results);
      return { results: results.map((version) => hit(version, names)), ...rest };
    },
  });
}

/** Who asks: himself, and the organisations that he is a member of. */
function viewerOf(context: RouteContext, request: FastifyRequest): SearchViewer {
  const { accountIndex } = context.registry;
  const user = context.tokens.get(request)?.user;
  if (user === undefined) return ANYBODY;
  const organisations = accountIndex.records('membership', `${user}/`).map(({ organisation }) => organisation);
  return { ids: [user, ...organisations], mayRead: (name) => canReadNamed(context, request, name) };
}

/** Who publishes under the names that stand behind `author:`, for those that are names of users. */
async function publisherIds({ people }: Registry, text: string): Promise<ReadonlyMap<string, string>> {
  const { authors } = parseSearchQuery(text);
  const ids = await Promise.all(
    authors.map(async (author) => [author, await people.find(author.toLowerCase())] as const),
  );
  return new Map(ids.flatMap(([author, id]) => (id === undefined ? [] : [[author, id]])));
}

function hit(state: VersionState, names: ReadonlyMap<string, string>): ApiSearchHit {
  const { name, version, publishedAt, publisher, manifest } = state;
  const { description, keywords } = manifest;
  return {
    name,
    version,
    ...(typeof description === 'string' && { description }),
    keywords: Array.isArray(keywords) ? keywords.filter((keyword) => typeof keyword === 'string') : [],
    publishedAt,
    publisher: names.get(publisher) ?? publisher,
  };
}
