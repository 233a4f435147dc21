import { EbpmError } from '@ebpm/formats';
import {
  type ApiNewToken,
  type ApiTokenBody,
  type ApiTokenParameters,
  type ApiTokens,
  apiNewTokenSchema,
  apiTokenBodySchema,
  apiTokenParametersSchema,
  apiTokensSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import type { TokenState } from '../accounts/account-state.js';
import { narrowedToken } from '../accounts/narrowed-token.js';
import { isExpired } from '../accounts/token.js';
import { DAY_MS } from '../clock.js';
import { requireToken } from '../http/require-token.js';
import type { Registry } from '../registry.js';
import { changeHooks } from './answer-change.js';
import { askingFor } from './asking.js';
import { type RouteContext, tokenOf } from './route-context.js';

/** The tokens of the account: made, listed, ended. */
export function tokenRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { accounts, accountIndex, tokenUses, clock } = registry;
  const own = { ...changeHooks(registry), onRequest: requireToken(registry, context, 'account') };

  app.get<{ Reply: ApiTokens }>('/api/v1/tokens', {
    ...own,
    schema: {
      summary: 'The tokens of the account, oldest first',
      operationId: 'listTokens',
      response: { 200: apiTokensSchema },
    },
    async handler(request) {
      const { by } = askingFor(context, request);
      await tokenUses.refresh();
      return { tokens: accountIndex.tokensOf(by).map((token) => tokenRow(registry, token)) };
    },
  });

  app.post<{ Body: ApiTokenBody; Reply: ApiNewToken }>('/api/v1/tokens', {
    ...own,
    schema: {
      summary: 'Makes a token, which is told this once',
      operationId: 'createToken',
      body: apiTokenBodySchema,
      response: { 201: apiNewTokenSchema },
    },
    async handler(request, reply) {
      const { expiresDays, ...limits } = request.body;
      const lifeMs = expiresDays === undefined ? undefined : expiresDays * DAY_MS;
      const wish = narrowedToken(tokenOf(context, request), { ...limits, lifeMs }, clock.nowMs());
      const { id, token, expires } = await accounts.makeToken(wish, askingFor(context, request));
      reply.code(201);
      return { id, token, ...(expires !== undefined && { expires }) };
    },
  });

  app.delete<{ Params: ApiTokenParameters }>('/api/v1/tokens/:token', {
    ...own,
    schema: { summary: 'Ends a token for good', operationId: 'revokeToken', params: apiTokenParametersSchema },
    async handler(request, reply) {
      const { token } = request.params;
      const asking = askingFor(context, request);
      if (accountIndex.token(token)?.user !== asking.by) {
        throw new EbpmError('EBPM_TOKEN_NOT_FOUND', `Cannot revoke "${token}": you have no token of this id`, {
          hint: 'Type "ebpm token ls" to see the ids of yours',
        });
      }
      await accounts.revokeToken(token, asking);
      return reply.code(204).send();
    },
  });
}

/** The hash stays here. */
function tokenRow({ tokenUses, clock }: Registry, token: TokenState): ApiTokens['tokens'][number] {
  const { id, createdAt, expiresAt, allow, names, from } = token;
  const lastUsedAt = tokenUses.lastOf(id);
  const isOver = isExpired(token, clock.nowMs());
  return {
    id,
    createdAt,
    ...(expiresAt !== undefined && { expires: expiresAt }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    state: token.revoked ? 'revoked' : isOver ? 'expired' : 'valid',
    ...(allow !== undefined && { allow: [...allow] }),
    ...(names !== undefined && { names: [...names] }),
    ...(from !== undefined && { from: [...from] }),
  } as ApiTokens['tokens'][number];
}
