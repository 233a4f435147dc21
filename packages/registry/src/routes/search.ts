import {
  type ApiSearchHit,
  type ApiSearchQuery,
  type ApiSearchResult,
  apiReadHeadersSchema,
  apiSearchQuerySchema,
  apiSearchResultSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import type { VersionState } from '../fold/package-state.js';
import { readHook } from '../http/read-hook.js';
import { formatCursor, parseCursor } from '../index/search-cursor.js';
import { SEARCH_LIMITS } from '../limits.js';
import { publisherNames } from './publisher-names.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/search: packages by words, page by page. */
export function searchRoutes(app: FastifyInstance, { registry }: RouteContext): void {
  app.get<{ Querystring: ApiSearchQuery; Reply: ApiSearchResult }>('/api/v1/search', {
    schema: {
      querystring: apiSearchQuerySchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiSearchResultSchema },
    },
    preHandler: readHook(registry),
    async handler({ query: { q = '', limit = SEARCH_LIMITS.pageDefault, cursor } }) {
      const offset = cursor === undefined ? 0 : parseCursor(q, cursor);
      const { results, total } = registry.search.search(q, { limit, offset });
      const names = await publisherNames(registry.people, results);
      const end = offset + results.length;
      const hasNext = end < Math.min(total, SEARCH_LIMITS.depth) && results.length > 0;
      return {
        results: results.map((version) => hit(version, names)),
        total,
        ...(hasNext && { next: formatCursor(q, end) }),
      };
    },
  });
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
