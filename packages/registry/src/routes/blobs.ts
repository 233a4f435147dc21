import { EbpmError } from '@ebpm/formats';
import { type ApiBlobParameters, apiBlobParametersSchema } from '@ebpm/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Visibility } from '../fold/package-state.js';
import { byteRange } from '../http/byte-range.js';
import type { Encodings } from '../http/encodings.js';
import { matchesEtag } from '../http/etag.js';
import { canRead, identifyReader } from '../http/reader.js';
import { HTTP_LIMITS } from '../limits.js';
import type { Registry } from '../registry.js';
import { foundAfterKick } from './found-after-kick.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/blobs/sha256/{hex}: the bytes of a version. They never change, so that every cache may keep them for ever. */
export function blobRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry, archives, budget, blobLocation } = context;
  app.get<{ Params: ApiBlobParameters }>('/api/v1/blobs/sha256/:hex', {
    schema: {
      summary: 'The archive with this digest',
      operationId: 'getArchive',
      params: apiBlobParametersSchema,
      produces: ['application/x-tar'],
    },
    config: { shared: true },
    onRequest: identifyReader(context),
    async handler(request, reply) {
      const { params, headers } = request;
      const digest = `sha256:${params.hex}` as const;
      const etag = `"${digest}"`;
      // Bytes that were stored for a publish which did not happen belong to nobody.
      const find = () => mostVisible(context, request, digest);
      const visibility = (await foundAfterKick(registry.log, find)) ?? (await fromUpstream(registry, digest));
      if (visibility === undefined) throw context.refusals.get(request) ?? blobNotFound(digest);
      const isKnown = matchesEtag(headers['if-none-match'], etag);
      const location = isKnown ? undefined : await blobLocation?.(digest);
      const count = () => registry.downloads.counter.count(params.hex);
      // Fastify asks this for HEAD too, which sends nothing.
      if (request.method === 'GET' && !isKnown && headers.range === undefined) count();
      reply.onSentAgain = count;
      if (location !== undefined) return reply.header('cache-control', 'no-store').redirect(location, 307);
      reply.headers({ etag, 'cache-control': `${visibility}, max-age=31536000, immutable`, 'accept-ranges': 'bytes' });
      if (isKnown) return reply.code(304).send();
      const archive = await archives.get(digest);
      if (archive === undefined) throw blobNotFound(digest);
      if (archive.sizeBytes > HTTP_LIMITS.largeBodySizeBytes) {
        reply.raw.once('close', budget.take(archive.sizeBytes));
      }
      return sendArchive({ request, reply, archive, etag });
    },
  });
}

/** What another registry has, it has for everybody. */
async function fromUpstream({ upstreams }: Registry, digest: `sha256:${string}`): Promise<Visibility | undefined> {
  return (await upstreams.fetchBlob(digest)) ? 'public' : undefined;
}

/** Who may see a package that has the digest and that who asks may read: everybody, if there is such a one. */
function mostVisible(context: RouteContext, request: FastifyRequest, digest: string): Visibility | undefined {
  const { packages } = context.registry;
  const states = packages.holders(digest).flatMap(({ name }) => packages.package(name) ?? []);
  const readable = states.filter((state) => canRead(context, request, state)).map(({ visibility }) => visibility);
  return readable.includes('public') ? 'public' : readable[0];
}

interface SentArchive {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly archive: Encodings;
  readonly etag: string;
}

async function sendArchive({ request, reply, archive, etag }: SentArchive): Promise<FastifyReply> {
  const bytes = await archive.make('identity');
  const { range: header, 'if-range': ifRange = etag } = request.headers;
  const range = ifRange === etag ? byteRange(header, bytes.length) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${bytes.length}`);
    throw new EbpmError('EBPM_RANGE_INVALID', `Cannot send a part of ${etag}: it has only ${bytes.length} bytes`);
  }
  reply.type('application/x-tar');
  if (range === undefined) {
    reply.encodings = archive;
    return reply.send(bytes);
  }
  const { first, last } = range;
  reply.code(206).header('content-range', `bytes ${first}-${last}/${bytes.length}`);
  return reply.send(bytes.subarray(first, last + 1));
}

function blobNotFound(digest: string): EbpmError {
  return new EbpmError('EBPM_BLOB_NOT_FOUND', `Cannot find "${digest}": no version has this digest`);
}
