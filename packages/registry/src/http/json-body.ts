import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HTTP_LIMITS } from '../limits.js';
import { readTarBody, type Uploads } from './tar-body.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the body of the route's requests is; default: JSON. */
    readonly takes?: 'tar';
  }
}

const TAR = 'application/x-tar';

/** Reads the bodies of requests: JSON for what changes something, a tar for a publish. Any other kind is refused. */
export function readBodies(app: FastifyInstance, uploads: Uploads): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(TAR, (request: FastifyRequest, payload: AsyncIterable<Uint8Array>) =>
    readTarBody(request, payload, uploads),
  );
  const options = { parseAs: 'buffer', bodyLimit: HTTP_LIMITS.jsonBodySizeBytes } as const;
  app.addContentTypeParser('application/json', options, (_request, body: Buffer, done) => {
    try {
      done(null, parse(body));
    } catch (error) {
      if (error instanceof EbpmError) done(error);
      else throw error;
    }
  });
  // Before anything is read: 20 MiB are held in memory for an archive alone, and an archive is not held to be JSON.
  app.addHook('preParsing', async (request) => checkMediaType(request));
}

function checkMediaType({ headers, routeOptions }: FastifyRequest): void {
  const [type = ''] = headers['content-type']?.split(';') ?? [];
  if (type === '' || (type.trim().toLowerCase() === TAR) === (routeOptions.config.takes === 'tar')) return;
  const wanted = routeOptions.config.takes === 'tar' ? TAR : 'application/json';
  const message = `Cannot read the request: wanted "content-type: ${wanted}"`;
  throw new EbpmError('EBPM_UNSUPPORTED_MEDIA_TYPE', message);
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new EbpmError('EBPM_REQUEST_INVALID', 'Cannot read the request: its body is no JSON in UTF-8', { cause });
  }
}
