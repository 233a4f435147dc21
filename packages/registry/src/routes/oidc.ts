import {
  type ApiNewToken,
  type ApiOidc,
  type ApiOidcBody,
  apiNewTokenSchema,
  apiOidcBodySchema,
  apiOidcSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { OIDC_LIMITS } from '../limits.js';
import { changeHooks } from './answer-change.js';
import type { RouteContext } from './route-context.js';

/** Trusted publishing: GET /api/v1/oidc says what a CI service's token must be made for, POST /api/v1/oidc/token takes it. */
export function oidcRoutes(app: FastifyInstance, { registry }: RouteContext): void {
  const { accounts, accountIndex, accountsLog, trustedTokens } = registry;

  app.get<{ Reply: ApiOidc }>('/api/v1/oidc', {
    schema: {
      summary: 'What the token of a CI service must be made for',
      operationId: 'getOidc',
      response: { 200: apiOidcSchema },
    },
    async handler() {
      return { audience: trustedTokens.audience };
    },
  });

  app.post<{ Body: ApiOidcBody; Reply: ApiNewToken }>('/api/v1/oidc/token', {
    ...changeHooks(registry),
    schema: {
      summary: 'A token for 15 minutes, for the token of a CI service',
      operationId: 'exchangeToken',
      body: apiOidcBodySchema,
      response: { 201: apiNewTokenSchema },
    },
    async handler({ body: { package: name, token: shown } }, reply) {
      // A publisher that was trusted a moment ago may be new to this replica.
      if (accountIndex.records('package-trust', `${name}/`).length === 0) await accountsLog.kick();
      const { id: user } = await trustedTokens.publisherOf(name, shown);
      const wish = { user, lifeMs: OIDC_LIMITS.lifeMs, allow: ['publish'], names: [name] } as const;
      const { id, token, expires } = await accounts.makeToken(wish);
      reply.code(201);
      return { id, token, ...(expires !== undefined && { expires }) };
    },
  });
}
