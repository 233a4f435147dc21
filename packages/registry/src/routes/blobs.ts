import { EbpmError } from '@ebpm/formats';
import { type ApiBlobParameters, apiBlobParametersSchema } from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { foundAfterKick } from './found-after-kick.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/blobs/sha256/{hex}: the bytes of a version. They never change, so that every cache may keep them for ever. */
export function blobRoutes(app: FastifyInstance, { registry }: RouteContext): void {
  app.get<{ Params: ApiBlobParameters }>('/api/v1/blobs/sha256/:hex', {
    schema: { params: apiBlobParametersSchema },
    async handler({ params: { hex }, headers }, reply) {
      const digest = `sha256:${hex}` as const;
      const etag = `"${digest}"`;
      // Bytes that were stored for a publish which did not happen belong to nobody.
      const isListed = () => registry.packages.holders(digest).length > 0 || undefined;
      if (!(await foundAfterKick(registry.log, isListed))) throw blobNotFound(digest);
      reply.headers({ etag, 'cache-control': 'public, max-age=31536000, immutable' });
      if (matchesEtag(headers['if-none-match'], etag)) return reply.code(304).send();
      const bytes = await registry.blobs.get(digest);
      if (bytes === undefined) throw blobNotFound(digest);
      return reply.type('application/x-tar').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  });
}

/** RFC 9110 section 13.1.2: a list of tags, weak ones compared as if they were strong, or "*". */
function matchesEtag(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function blobNotFound(digest: string): EbpmError {
  return new EbpmError('EBPM_BLOB_NOT_FOUND', `Cannot find "${digest}": no version has this digest`);
}
