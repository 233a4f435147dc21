import { EbpmError } from '@ebpm/formats';
import {
  type ApiGrantBody,
  type ApiMemberBody,
  type ApiMemberParameters,
  type ApiOrganisation,
  type ApiOrganisationBody,
  type ApiOrganisationParameters,
  type ApiTeamMemberParameters,
  type ApiTeamParameters,
  apiCodeHeadersSchema,
  apiGrantBodySchema,
  apiMemberBodySchema,
  apiMemberParametersSchema,
  apiOrganisationBodySchema,
  apiOrganisationParametersSchema,
  apiOrganisationSchema,
  apiTeamMemberParametersSchema,
  apiTeamParametersSchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import type { OrganisationState } from '../accounts/account-records.js';
import { isNamePattern } from '../accounts/name-pattern.js';
import { requireToken } from '../http/require-token.js';
import type { Registry } from '../registry.js';
import { changeHooks } from './answer-change.js';
import { askingWithCode } from './asked-codes.js';
import { askingAdmin, askingFor, organisationOf } from './asking.js';
import type { RouteContext } from './route-context.js';

/** Organisations, their members and their teams. Who is no member sees nothing of them; only admins change them. */
export function organisationRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { accounts } = registry;
  const own = { ...changeHooks(registry), onRequest: requireToken(registry, context, 'account') };
  const base = '/api/v1/organisations/:organisation';

  app.post<{ Body: ApiOrganisationBody; Reply: ApiOrganisation }>('/api/v1/organisations', {
    ...own,
    schema: {
      summary: 'Adds an organisation, of which one becomes the admin',
      operationId: 'createOrganisation',
      body: apiOrganisationBodySchema,
      response: { 201: apiOrganisationSchema },
    },
    async handler(request, reply) {
      const asking = askingFor(context, request);
      const made = await accounts.addOrganisation(request.body.name, asking.by, asking);
      reply.code(201);
      return organisationDocument(registry, made);
    },
  });

  app.get<{ Params: ApiOrganisationParameters; Reply: ApiOrganisation }>(base, {
    ...own,
    schema: {
      summary: 'An organisation, as its members see it',
      operationId: 'getOrganisation',
      params: apiOrganisationParametersSchema,
      response: { 200: apiOrganisationSchema },
    },
    async handler(request) {
      askingFor(context, request);
      return organisationDocument(registry, organisationOf(context, request, request.params.organisation));
    },
  });

  app.put<{ Params: ApiMemberParameters; Body: ApiMemberBody }>(`${base}/members/:user`, {
    ...own,
    schema: {
      summary: 'Makes a user an admin or a member of an organisation',
      operationId: 'setMember',
      params: apiMemberParametersSchema,
      headers: apiCodeHeadersSchema,
      body: apiMemberBodySchema,
    },
    async handler(request, reply) {
      const admin = askingAdmin(context, request, request.params.organisation);
      const user = await accounts.userOf(request.params.user);
      const asking = await askingWithCode(context, request, admin);
      await accounts.setMember({ organisation: admin.organisation, user, role: request.body.role }, asking);
      return reply.code(204).send();
    },
  });

  app.delete<{ Params: ApiMemberParameters }>(`${base}/members/:user`, {
    ...own,
    schema: {
      summary: 'Takes a user out of an organisation and its teams',
      operationId: 'removeMember',
      params: apiMemberParametersSchema,
      headers: apiCodeHeadersSchema,
    },
    async handler(request, reply) {
      const admin = askingAdmin(context, request, request.params.organisation);
      const user = await accounts.userOf(request.params.user);
      const asking = await askingWithCode(context, request, admin);
      await accounts.setMember({ organisation: admin.organisation, user, role: 'none' }, asking);
      return reply.code(204).send();
    },
  });

  for (const action of ['create', 'remove'] as const) {
    app.route<{ Params: ApiTeamParameters }>({
      method: action === 'create' ? 'PUT' : 'DELETE',
      url: `${base}/teams/:team`,
      ...own,
      schema: {
        params: apiTeamParametersSchema,
        summary: action === 'create' ? 'Creates a team' : 'Removes a team with its rights',
        operationId: `${action}Team`,
      },
      async handler(request, reply) {
        const { organisation, asking } = askingAdmin(context, request, request.params.organisation);
        await accounts.setTeam({ organisation, team: request.params.team, action }, asking);
        return reply.code(204).send();
      },
    });
  }

  for (const action of ['add', 'remove'] as const) {
    app.route<{ Params: ApiTeamMemberParameters }>({
      method: action === 'add' ? 'PUT' : 'DELETE',
      url: `${base}/teams/:team/members/:user`,
      ...own,
      schema: {
        params: apiTeamMemberParametersSchema,
        ...(action === 'add' && { headers: apiCodeHeadersSchema }),
        summary: action === 'add' ? 'Puts a member of an organisation into a team' : 'Takes a member out of a team',
        operationId: `${action}TeamMember`,
      },
      async handler(request, reply) {
        const { team } = request.params;
        const admin = askingAdmin(context, request, request.params.organisation);
        const user = await accounts.userOf(request.params.user);
        const asking = action === 'add' ? await askingWithCode(context, request, admin) : admin.asking;
        await accounts.setTeamMember({ organisation: admin.organisation, team, user, action }, asking);
        return reply.code(204).send();
      },
    });
  }

  app.put<{ Params: ApiTeamParameters; Body: ApiGrantBody }>(`${base}/teams/:team/grants`, {
    ...own,
    schema: {
      summary: 'Says what a team may do with the packages whose names match',
      operationId: 'setGrant',
      params: apiTeamParametersSchema,
      headers: apiCodeHeadersSchema,
      body: apiGrantBodySchema,
    },
    async handler(request, reply) {
      const { team } = request.params;
      const { pattern, level } = request.body;
      if (!isNamePattern(pattern)) {
        const reason = `"${pattern}" is no pattern, wanted one such as "@acme/*"`;
        throw new EbpmError('EBPM_REQUEST_INVALID', `Cannot read the request: in the body, ${reason}`);
      }
      const admin = askingAdmin(context, request, request.params.organisation);
      const asking = level === 'none' ? admin.asking : await askingWithCode(context, request, admin);
      await accounts.setGrant({ organisation: admin.organisation, team, pattern, level }, asking);
      return reply.code(204).send();
    },
  });
}

async function organisationDocument(
  { accounts, accountIndex }: Registry,
  { id, name }: Pick<OrganisationState, 'id' | 'name'>,
): Promise<ApiOrganisation> {
  const members = (await accounts.membersOf(id)).map((member) => ({ ...member }));
  const teams = accountIndex.records('team', `${id}/`).map(({ team }) => ({
    team,
    members: accountIndex.records('team-member', `${id}/${team}/`).map(({ user }) => user),
    grants: accountIndex.records('grant', `${id}/${team}/`).map(({ pattern, level }) => ({ pattern, level })),
  }));
  return { id, name, members, teams };
}
