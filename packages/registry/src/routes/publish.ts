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
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requireToken } from '../http/require-token.js';
import { positionHeaders } from '../http/seen-positions.js';
import { HTTP_LIMITS } from '../limits.js';
import { checkBundles, signingRefusal } from '../publish/check-bundles.js';
import { type PlannedPublish, planPublish, publishPackage } from '../publish/publish-package.js';
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
  const { registry, checks, uploads } = context;
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
      const { body = Buffer.alloc(0) } = request;
      const planned = await plan(request, body).catch((error: unknown) => {
        uploads.giveBack(body);
        throw error;
      });
      const { seq, created } = await publishPackage(registry, planned);
      uploads.giveBack(body);
      reply.code(created ? 201 : 200);
      const { name, version } = request.params;
      return { name, version, digest: planned.op.digest, seq, created };
    },
  });

  async function plan(request: FastifyRequest<Publish>, archive: Buffer): Promise<PlannedPublish> {
    const { name, version } = request.params;
    const token = tokenOf(context, request);
    const otp = request.headers['ebpm-otp'];
    // Before the archive is looked at: whoever may not publish costs nothing more.
    const right = await publishingRight(registry, { token, name, otp });
    const checked = await checks.check(archive, { name, version, digest: request.headers['ebpm-digest'] });
    const { packages } = registry;
    const signed = checkBundles(packages, request.headers['ebpm-bundles'], { name, version, digest: checked.digest });
    const check = () => {
      const owners = [...(packages.package(name)?.owners ?? []), right.as];
      return right.check() ?? signingRefusal(packages, { name, keyId: signed?.keyId, owners });
    };
    const planned = { name, version, ...request.query, archive, checked, by: token.user, bundles: signed?.bundles };
    const plan = planPublish(registry, { ...planned, right: { ...right, check } });
    const refusal = plan.repeats === undefined ? check() : undefined;
    if (refusal !== undefined) throw refusal;
    return plan;
  }
}
