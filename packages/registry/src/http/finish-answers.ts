import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Position } from '../log/entry.js';
import { Encodings, encodingFor } from './encodings.js';
import { etagOf, matchesEtag } from './etag.js';
import { contentHeaders, type MemoryAnswers } from './memory-answers.js';
import type { Logs } from './seen-positions.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Everybody without a token gets the same answer from this route: it may be kept in memory. */
    readonly shared?: boolean;
  }
  interface FastifyReply {
    /** The body in all forms, where the route keeps them itself. */
    encodings: Encodings | undefined;
    /** Called whenever the answer is sent from memory. */
    onSentAgain: (() => void) | undefined;
    /** Where the logs were before the route read anything. */
    readAt: { readonly log: Position; readonly accounts: Position } | undefined;
  }
}

/**
 * Gives every successful answer to a GET its tag, answers 304 to who has it already, compresses it for who asks for that, and keeps
 * what everybody may see.
 */
export function finishAnswers(app: FastifyInstance, logs: Logs, memory: MemoryAnswers): void {
  app.decorateReply('encodings', undefined);
  app.decorateReply('onSentAgain', undefined);
  app.decorateReply('readAt', undefined);
  app.addHook('onRequest', async (_request, reply) => {
    reply.readAt = { log: logs.log.head(), accounts: logs.accountsLog.head() };
  });
  app.addHook('onSend', async (request, reply, payload) => {
    sayWhoMayKeepIt(request, reply);
    const body = bodyOf(request, reply, payload);
    return body === undefined ? payload : finish({ request, reply, body, memory });
  });
}

/**
 * Where a route says nothing, an answer must be asked for each time: some CDNs keep for a day what comes without a word on it. What
 * somebody with a token gets may be for him alone, whatever the route says of the same answer to everybody.
 */
function sayWhoMayKeepIt({ headers }: FastifyRequest, reply: FastifyReply): void {
  const caching = String(reply.getHeader('cache-control') ?? 'no-cache');
  const isOwn = headers.authorization !== undefined && caching !== 'no-store';
  reply.header('cache-control', isOwn ? `private, ${caching.replace(/^(?:public|private), /, '')}` : caching);
}

interface Finished {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: Encodings;
  readonly memory: MemoryAnswers;
}

async function finish({ request, reply, body, memory }: Finished): Promise<Buffer | null> {
  const tag = reply.getHeader('etag');
  const etag = typeof tag === 'string' ? tag : etagOf(await body.make('identity'));
  reply.header('vary', 'accept-encoding');
  if (request.headers.authorization === undefined && request.routeOptions.config.shared === true) {
    keep({ request, reply, body, memory }, etag);
  }
  // Fastify measures the body of an answer to HEAD, so that it needs one.
  if (request.method === 'GET' && matchesEtag(request.headers['if-none-match'], etag)) {
    reply.code(304).header('etag', etag).removeHeader('content-type');
    return null;
  }
  const encoding = encodingFor(request.headers['accept-encoding'], body);
  const bytes = await body.make(encoding);
  reply.headers(contentHeaders(etag, encoding, bytes));
  return bytes;
}

/** The body of an answer that can be finished: parts, errors and what is streamed stay as they are. */
function bodyOf({ method }: FastifyRequest, reply: FastifyReply, payload: unknown): Encodings | undefined {
  if ((method !== 'GET' && method !== 'HEAD') || reply.statusCode !== 200) return undefined;
  if (reply.getHeader('cache-control') === 'no-store') return undefined;
  if (reply.encodings !== undefined) return reply.encodings;
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return undefined;
  return new Encodings(Buffer.from(payload as string));
}

/** A query makes endless URLs of one answer. */
function keep({ request, reply, body, memory }: Finished, etag: string): void {
  const { readAt, onSentAgain } = reply;
  const url = request.raw.url ?? '';
  if (readAt === undefined || url.includes('?')) return;
  memory.keep({ url, etag, headers: sharedHeaders(reply), body, onSent: onSentAgain }, readAt);
}

/** What belongs to this one answer. */
const OWN_HEADERS = new Set([
  'ebpm-request-id',
  'etag',
  'content-length',
  'content-encoding',
  'connection',
  'set-cookie',
]);

function sharedHeaders(reply: FastifyReply): Record<string, string> {
  const headers = Object.entries(reply.getHeaders()).filter(([name]) => !OWN_HEADERS.has(name));
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
}
