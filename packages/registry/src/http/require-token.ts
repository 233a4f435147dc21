import type { EbpmError } from '@ebpm/formats';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TokenPower, TokenState } from '../accounts/account-state.js';
import { authenticate, type TokenLookup } from '../accounts/authenticate.js';
import { addressRefusal, powerRefusal } from '../accounts/token-limits.js';
import type { Registry } from '../registry.js';
import type { TokenHook } from './openapi.js';

/** What is known of requests that came with a token. */
export interface Identities {
  /** The tokens of requests that were let in. */
  readonly tokens: WeakMap<FastifyRequest, TokenState>;
  /** Why the token of a request is no good, on routes that do not need one. */
  readonly refusals: WeakMap<FastifyRequest, EbpmError>;
}

/**
 * A hook that lets in only requests with a token. It runs before the body is read; a refused request's connection is closed, so that
 * nobody without a token makes the server read one.
 * @param power what the token must be good for, besides being sent from where it may be
 */
export function requireToken(registry: Registry, { tokens }: Identities, power: TokenPower | undefined) {
  const { accountIndex, accountsLog, clock, tokenUses } = registry;
  const lookup: TokenLookup = {
    tokenByHash: (hash) => accountIndex.tokenByHash(hash),
    kick: () => accountsLog.kick(),
    nowMs: () => clock.nowMs(),
  };
  const hook = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      const token = await authenticate(request.headers.authorization, lookup);
      const refusal = addressRefusal(token, request.ip) ?? (power && powerRefusal(token, power));
      if (refusal !== undefined) throw refusal;
      tokens.set(request, token);
      tokenUses.note(token.id);
    } catch (error) {
      if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) {
        reply.header('connection', 'close');
      }
      throw error;
    }
  };
  const mark: TokenHook = { needsToken: true };
  return Object.assign(hook, mark);
}
