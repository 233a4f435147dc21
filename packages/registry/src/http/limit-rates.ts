import { EbpmError } from '@ebpm/formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { RATE_LIMITS } from '../limits.js';
import { addressList, networkOf } from './address-list.js';
import type { HttpSettings } from './http-settings.js';
import type { Identities } from './require-token.js';
import { TokenBuckets } from './token-bucket.js';

/** What limiting works with. */
export interface RateOptions {
  readonly settings: HttpSettings;
  readonly tokens: Identities['tokens'];
  readonly clock: Clock;
}

/**
 * Limits how often somebody may ask: an address for requests without a token, a token for those with one, and an address for
 * wrong tokens, so that nobody guesses them. Who asks too often gets 429 and is told when to come back.
 */
export function limitRates(app: FastifyInstance, { settings, tokens, clock }: RateOptions): void {
  const exempt = addressList('rateLimitExempt', settings.rateLimitExempt);
  const requests = buckets(settings.requestsPerMinute);
  const refusals = buckets(settings.refusalsPerMinute);

  app.addHook('onRequest', async (request, reply) => {
    if (exempt.has(request.ip)) return;
    const isKnown = request.headers.authorization !== undefined;
    const network = networkOf(request.ip);
    const waitS = isKnown ? refusals?.look(network, clock.elapsedMs()) : requests?.take(network, clock.elapsedMs());
    if (waitS !== undefined) throw tooMany(reply, waitS, isKnown ? 'wrong tokens came' : 'requests came');
  });

  app.addHook('preParsing', async (request, reply, payload) => {
    const token = tokens.get(request);
    const waitS = token && !exempt.has(request.ip) ? requests?.take(token.id, clock.elapsedMs()) : undefined;
    if (waitS !== undefined) throw tooMany(reply, waitS, 'requests came with this token');
    return payload;
  });

  app.addHook('onResponse', async (request: FastifyRequest, reply) => {
    if (reply.statusCode === 401 && !exempt.has(request.ip)) refusals?.take(networkOf(request.ip), clock.elapsedMs());
  });
}

function buckets(perMinute: number): TokenBuckets | undefined {
  if (perMinute === 0) return undefined;
  const { burstShare, watched } = RATE_LIMITS;
  return new TokenBuckets({ perMinute, burst: Math.max(1, Math.ceil(perMinute * burstShare)), watched });
}

function tooMany(reply: FastifyReply, waitS: number, what: string): EbpmError {
  reply.header('retry-after', String(waitS));
  return new EbpmError('EBPM_RATE_LIMITED', `Cannot answer: too many ${what} from here`, {
    hint: `Try again in ${waitS} s`,
    data: { retryAfterS: waitS },
  });
}
