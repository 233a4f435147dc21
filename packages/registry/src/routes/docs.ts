import type { FastifyInstance } from 'fastify';
import { docsPage } from '../http/docs-page.js';
import type { OpenApiDocument } from '../http/openapi.js';

/** GET /api/v1/openapi.json: the API as OpenAPI; GET /api/docs: the same to read. Both are made when they are asked for first. */
export function docsRoutes(app: FastifyInstance, describe: () => OpenApiDocument): void {
  let made: { readonly json: string; readonly page: string } | undefined;
  const documents = () => {
    if (made === undefined) {
      const document = describe();
      made = { json: JSON.stringify(document), page: docsPage(document) };
    }
    return made;
  };

  app.get('/api/v1/openapi.json', {
    schema: { summary: 'This API as an OpenAPI document', operationId: 'getOpenApi' },
    config: { shared: true },
    async handler(_request, reply) {
      reply.header('cache-control', 'public, max-age=300').type('application/json; charset=utf-8');
      return documents().json;
    },
  });

  app.get('/api/docs', {
    schema: { summary: 'This API as a page', operationId: 'getDocs', produces: ['text/html'] },
    config: { shared: true },
    async handler(_request, reply) {
      // The page has no script and loads nothing.
      reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
      reply.header('cache-control', 'public, max-age=300').type('text/html; charset=utf-8');
      return documents().page;
    },
  });
}
