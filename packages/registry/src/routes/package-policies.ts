import { EbpmError } from '@ebpm/formats';
import {
  type ApiPackageParameters,
  type ApiPolicy,
  type ApiTrust,
  type ApiTrustBody,
  type ApiTrustParameters,
  type ApiTrusts,
  apiCodeHeadersSchema,
  apiPackageParametersSchema,
  apiPolicySchema,
  apiTrustBodySchema,
  apiTrustParametersSchema,
  apiTrustSchema,
  apiTrustsSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { isClaims, isIssuer } from '../accounts/account-operation.js';
import { requireToken } from '../http/require-token.js';
import { changeHooks } from './answer-change.js';
import { packageCheck } from './change-package.js';
import { type RouteContext, tokenOf } from './route-context.js';

/** How a package may be published: with a one-time code, by whom from CI. Only its owners see it. */
export function packagePolicyRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { accounts, accountIndex } = registry;
  const owning = { ...changeHooks(registry), onRequest: requireToken(registry, context, 'owner') };
  const need = (name: string) => ({ name, level: 'admin', power: 'owner' }) as const;

  app.get<{ Params: ApiPackageParameters; Reply: ApiPolicy }>('/api/v1/packages/:name/policy', {
    ...owning,
    schema: {
      summary: 'How a package may be published',
      operationId: 'getPolicy',
      params: apiPackageParametersSchema,
      response: { 200: apiPolicySchema },
    },
    async handler(request) {
      const { name } = request.params;
      await packageCheck(context, request, need(name));
      const { otp = false, trustedOnly = false } = accountIndex.record('policy', name) ?? {};
      return { otp, trustedOnly };
    },
  });

  app.put<{ Params: ApiPackageParameters; Body: ApiPolicy }>('/api/v1/packages/:name/policy', {
    ...owning,
    schema: {
      summary: 'Says how a package may be published',
      operationId: 'setPolicy',
      params: apiPackageParametersSchema,
      headers: apiCodeHeadersSchema,
      body: apiPolicySchema,
    },
    async handler(request, reply) {
      const { name } = request.params;
      const check = await packageCheck(context, request, { ...need(name), decidesPublishing: true });
      const { otp, trustedOnly } = request.body;
      await accounts.setPolicy({ package: name, otp, trustedOnly }, { by: tokenOf(context, request).user, check });
      return reply.code(204).send();
    },
  });

  app.get<{ Params: ApiPackageParameters; Reply: ApiTrusts }>('/api/v1/packages/:name/trusts', {
    ...owning,
    schema: {
      summary: 'The CI jobs that may publish a package',
      operationId: 'listTrusts',
      params: apiPackageParametersSchema,
      response: { 200: apiTrustsSchema },
    },
    async handler(request) {
      const { name } = request.params;
      await packageCheck(context, request, need(name));
      const trusts = accountIndex.records('package-trust', `${name}/`);
      return { trusts: trusts.map(({ id, issuer, claims }) => ({ id, issuer, claims })) };
    },
  });

  app.post<{ Params: ApiPackageParameters; Body: ApiTrustBody; Reply: ApiTrust }>('/api/v1/packages/:name/trusts', {
    ...owning,
    schema: {
      summary: 'Lets CI jobs with these claims publish a package',
      operationId: 'addTrust',
      params: apiPackageParametersSchema,
      headers: apiCodeHeadersSchema,
      body: apiTrustBodySchema,
      response: { 201: apiTrustSchema },
    },
    async handler(request, reply) {
      const { name } = request.params;
      const { issuer, claims } = request.body;
      if (!isIssuer(issuer)) throw invalid('"issuer" must be an https URL without a query');
      if (!isClaims(claims)) throw invalid('"claims" must name 1 to 16 claims with their texts');
      const check = await packageCheck(context, request, { ...need(name), decidesPublishing: true });
      const asking = { by: tokenOf(context, request).user, check };
      const id = await accounts.addTrust({ package: name, issuer, claims }, asking);
      reply.code(201);
      return { id, issuer, claims };
    },
  });

  app.delete<{ Params: ApiTrustParameters }>('/api/v1/packages/:name/trusts/:trust', {
    ...owning,
    schema: { summary: 'Trusts a publisher no more', operationId: 'removeTrust', params: apiTrustParametersSchema },
    async handler(request, reply) {
      const { name, trust } = request.params;
      const check = await packageCheck(context, request, need(name));
      if (accountIndex.record('trust', trust)?.package !== name) {
        throw new EbpmError(
          'EBPM_TRUST_NOT_FOUND',
          `Cannot remove "${trust}": "${name}" has no such trusted publisher`,
        );
      }
      await accounts.removeTrust(trust, { by: tokenOf(context, request).user, check });
      return reply.code(204).send();
    },
  });
}

function invalid(reason: string): EbpmError {
  return new EbpmError('EBPM_REQUEST_INVALID', `Cannot read the request: in the body, ${reason}`);
}
