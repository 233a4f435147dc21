import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance } from 'fastify';
import { HTTP_LIMITS } from '../limits.js';

/** Reads the bodies of requests: JSON for what changes something, a tar for a publish. Any other kind is refused. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-tar', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const options = { parseAs: 'buffer', bodyLimit: HTTP_LIMITS.jsonBodySizeBytes } as const;
  app.addContentTypeParser('application/json', options, (_request, body: Buffer, done) => {
    try {
      done(null, parse(body));
    } catch (error) {
      if (error instanceof EbpmError) done(error);
      else throw error;
    }
  });
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new EbpmError('EBPM_REQUEST_INVALID', 'Cannot read the request: its body is no JSON in UTF-8', { cause });
  }
}
