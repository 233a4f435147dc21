import { EbpmError } from '@ebpm/formats';
import { type ApiBlobParameters, apiBlobParametersSchema } from '@ebpm/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Visibility } from '../fold/package-state.js';
import { canRead, identifyReader } from '../http/reader.js';
import { foundAfterKick } from './found-after-kick.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/blobs/sha256/{hex}: the bytes of a version. They never change, so that every cache may keep them for ever. */
export function blobRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  app.get<{ Params: ApiBlobParameters }>('/api/v1/blobs/sha256/:hex', {
    schema: { params: apiBlobParametersSchema },
    onRequest: identifyReader(context),
    async handler(request, reply) {
      const {
        params: { hex },
        headers,
      } = request;
      const digest = `sha256:${hex}` as const;
      const etag = `"${digest}"`;
      // Bytes that were stored for a publish which did not happen belong to nobody.
      const find = () => mostVisible(context, request, digest);
      const visibility = await foundAfterKick(registry.log, find);
      if (visibility === undefined) throw context.refusals.get(request) ?? blobNotFound(digest);
      reply.headers({ etag, 'cache-control': `${visibility}, max-age=31536000, immutable` });
      if (matchesEtag(headers['if-none-match'], etag)) return reply.code(304).send();
      const bytes = await registry.blobs.get(digest);
      if (bytes === undefined) throw blobNotFound(digest);
      return reply.type('application/x-tar').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  });
}

/** Who may see a package that has the digest and that who asks may read: everybody, if there is such a one. */
function mostVisible(context: RouteContext, request: FastifyRequest, digest: string): Visibility | undefined {
  const { packages } = context.registry;
  const states = packages.holders(digest).flatMap(({ name }) => packages.package(name) ?? []);
  const readable = states.filter((state) => canRead(context, request, state)).map(({ visibility }) => visibility);
  return readable.includes('public') ? 'public' : readable[0];
}

/** RFC 9110 section 13.1.2: a list of tags, weak ones compared as if they were strong, or "*". */
function matchesEtag(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function blobNotFound(digest: string): EbpmError {
  return new EbpmError('EBPM_BLOB_NOT_FOUND', `Cannot find "${digest}": no version has this digest`);
}
