import {
  type ApiDownloads,
  type ApiPackageParameters,
  apiDownloadsSchema,
  apiPackageParametersSchema,
  apiReadHeadersSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { DAY_MS } from '../clock.js';
import { readHook } from '../http/read-hook.js';
import { canRead, identifyReader, notFoundFor } from '../http/reader.js';
import { DOWNLOAD_LIMITS } from '../limits.js';
import type { Registry } from '../registry.js';
import { foundAfterKick } from './found-after-kick.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/packages/{name}/downloads: how often a package was downloaded. */
export function downloadRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  app.get<{ Params: ApiPackageParameters; Reply: ApiDownloads }>('/api/v1/packages/:name/downloads', {
    schema: {
      summary: 'How often the archives of a package were sent, by all processes',
      operationId: 'getDownloads',
      params: apiPackageParametersSchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiDownloadsSchema },
    },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { name } = request.params;
      const state = await foundAfterKick(registry.log, () => registry.packages.package(name));
      if (state === undefined || !canRead(context, request, state)) throw notFoundFor(context, request, name);
      // The counts come from elsewhere than the log, which says when other answers are new.
      reply.header('cache-control', state.visibility === 'private' ? 'private, no-cache' : 'no-cache');
      return downloadsOf(registry, name);
    },
  });
}

function downloadsOf({ downloads, downloadIndex }: Registry, name: string): ApiDownloads {
  const days = downloadIndex.days(name, downloads.today() - DOWNLOAD_LIMITS.recentDays + 1);
  const versions = Object.fromEntries(downloadIndex.versions(name));
  return {
    name,
    total: downloadIndex.since(name, 0),
    recent: downloads.recent(name),
    days: days.map(({ day, count }) => ({
      day: new Date(day * DAY_MS).toISOString().slice(0, 10),
      downloads: count,
    })),
    versions,
  };
}
