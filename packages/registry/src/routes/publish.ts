import {
  type ApiPublishHeaders,
  type ApiPublishQuery,
  type ApiPublishResult,
  type ApiVersionParameters,
  apiPublishHeadersSchema,
  apiPublishQuerySchema,
  apiPublishResultSchema,
  apiVersionParametersSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { requireToken } from '../http/require-token.js';
import { positionHeaders } from '../http/seen-positions.js';
import { HTTP_LIMITS } from '../limits.js';
import { publishPackage } from '../publish/publish-package.js';
import { publishingRight } from '../publish/publishing-right.js';
import { type RouteContext, tokenOf } from './route-context.js';

interface Publish {
  Params: ApiVersionParameters;
  Querystring: ApiPublishQuery;
  Headers: ApiPublishHeaders;
  Body: Buffer;
  Reply: ApiPublishResult;
}

/** PUT /api/v1/packages/{name}/versions/{version}: publishes the canonical tar in the body. */
export function publishRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry, checks } = context;
  app.put<Publish>('/api/v1/packages/:name/versions/:version', {
    bodyLimit: HTTP_LIMITS.packageSizeBytes,
    config: { takes: 'tar' },
    schema: {
      summary: 'Publishes the canonical tar in the body',
      operationId: 'publish',
      params: apiVersionParametersSchema,
      querystring: apiPublishQuerySchema,
      headers: apiPublishHeadersSchema,
      consumes: ['application/x-tar'],
      response: { 200: apiPublishResultSchema, 201: apiPublishResultSchema },
    },
    onRequest: requireToken(registry, context, 'publish'),
    // Taken at the end, so that the writer's own entry, or the one that stands in its way, is among what it says.
    onSend: async (_request, reply) => {
      reply.headers(positionHeaders(registry));
    },
    async handler(request, reply) {
      const { params, query, body = Buffer.alloc(0) } = request;
      const { name, version } = params;
      const token = tokenOf(context, request);
      const otp = request.headers['ebpm-otp'];
      // Before the archive is looked at: whoever may not publish costs nothing more.
      const right = await publishingRight(registry, { token, name, otp });
      const claim = { name, version, digest: request.headers['ebpm-digest'] };
      const { checked, archive } = await checks.check(body, claim);
      const by = token.user;
      const { seq, created } = await publishPackage(registry, { ...params, ...query, archive, checked, by, right });
      reply.code(created ? 201 : 200);
      return { name, version, digest: checked.digest, seq, created };
    },
  });
}
