import {
  type ApiLoginBody,
  type ApiNewOtp,
  type ApiNewOtpBody,
  type ApiNewToken,
  type ApiOtpBody,
  type ApiPasswordBody,
  apiLoginBodySchema,
  apiNewOtpBodySchema,
  apiNewOtpSchema,
  apiNewTokenSchema,
  apiOtpBodySchema,
  apiPasswordBodySchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { DAY_MS } from '../clock.js';
import { networkOf } from '../http/address-list.js';
import { requireToken } from '../http/require-token.js';
import { changeHooks } from './answer-change.js';
import { askingFor } from './asking.js';
import type { RouteContext } from './route-context.js';

/** Passwords and one-time codes of accounts. */
export function loginRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { accounts, logins } = registry;
  const hooks = changeHooks(registry);
  const own = { ...hooks, onRequest: requireToken(registry, context, 'account') };

  app.post<{ Body: ApiLoginBody; Reply: ApiNewToken }>('/api/v1/login', {
    ...hooks,
    schema: {
      summary: 'A token for a name and a password',
      operationId: 'login',
      body: apiLoginBodySchema,
      response: { 201: apiNewTokenSchema },
    },
    async handler({ body, ip }, reply) {
      const { user: name, password, otp, expiresDays = 30 } = body;
      const user = await logins.login({ name, password, otp, address: networkOf(ip) });
      const { id, token, expires } = await accounts.makeToken({ user, lifeMs: expiresDays * DAY_MS });
      reply.code(201);
      return { id, token, ...(expires !== undefined && { expires }) };
    },
  });

  app.put<{ Body: ApiPasswordBody }>('/api/v1/account/password', {
    ...own,
    schema: { summary: 'Sets the password of the account', operationId: 'setPassword', body: apiPasswordBodySchema },
    async handler(request, reply) {
      const { password, current } = request.body;
      await logins.setPassword(askingFor(context, request).by, password, current);
      return reply.code(204).send();
    },
  });

  app.post<{ Body: ApiNewOtpBody; Reply: ApiNewOtp }>('/api/v1/account/otp', {
    ...own,
    schema: {
      summary: 'Begins to set up one-time codes; the secret is told this once',
      operationId: 'beginOtp',
      body: apiNewOtpBodySchema,
      response: { 201: apiNewOtpSchema },
    },
    async handler(request, reply) {
      const { secret, uri } = await logins.beginOtp(askingFor(context, request).by, {
        issuer: 'ebpm',
        password: request.body?.password,
      });
      reply.code(201);
      return { secret, uri };
    },
  });

  app.put<{ Body: ApiOtpBody }>('/api/v1/account/otp', {
    ...own,
    schema: { summary: 'Asks for one-time codes from now on', operationId: 'confirmOtp', body: apiOtpBodySchema },
    async handler(request, reply) {
      await logins.confirmOtp(askingFor(context, request).by, request.body.code);
      return reply.code(204).send();
    },
  });

  app.delete<{ Body: ApiOtpBody }>('/api/v1/account/otp', {
    ...own,
    schema: { summary: 'Asks for one-time codes no more', operationId: 'removeOtp', body: apiOtpBodySchema },
    async handler(request, reply) {
      await logins.removeOtp(askingFor(context, request).by, request.body.code);
      return reply.code(204).send();
    },
  });
}
