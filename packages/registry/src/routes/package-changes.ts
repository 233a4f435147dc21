import { EbpmError, isTag } from '@ebpm/formats';
import {
  type ApiDeprecationBody,
  type ApiOwnerParameters,
  type ApiOwners,
  type ApiPackageParameters,
  type ApiTagBody,
  type ApiTagParameters,
  type ApiVersionParameters,
  type ApiVisibilityBody,
  type ApiYankBody,
  apiCodeHeadersSchema,
  apiDeprecationBodySchema,
  apiOwnerParametersSchema,
  apiOwnersSchema,
  apiPackageParametersSchema,
  apiReadHeadersSchema,
  apiTagBodySchema,
  apiTagParametersSchema,
  apiVersionParametersSchema,
  apiVisibilityBodySchema,
  apiYankBodySchema,
} from '@ebpm/schemas';
import type { FastifyInstance } from 'fastify';
import { readHook } from '../http/read-hook.js';
import { canRead, identifyReader, notFoundFor } from '../http/reader.js';
import { requireToken } from '../http/require-token.js';
import { ownerId } from '../publish/change-owner.js';
import { changeHooks } from './answer-change.js';
import { changePackage } from './change-package.js';
import { foundAfterKick } from './found-after-kick.js';
import { ownerRow } from './owner-row.js';
import type { RouteContext } from './route-context.js';

/** What owners, and those whom they let, change about a package: each answers 204. */
export function packageChangeRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const hooks = changeHooks(registry);
  const yanking = { ...hooks, onRequest: requireToken(registry, context, 'yank') };
  const tagging = { ...hooks, onRequest: requireToken(registry, context, 'tag') };
  const owning = { ...hooks, onRequest: requireToken(registry, context, 'owner') };

  app.put<{ Params: ApiVersionParameters; Body: ApiYankBody }>('/api/v1/packages/:name/versions/:version/yank', {
    ...yanking,
    schema: {
      summary: 'Offers a version no more; its number still leads to it',
      operationId: 'yank',
      params: apiVersionParametersSchema,
      body: apiYankBodySchema,
    },
    async handler(request, reply) {
      const { name, version } = request.params;
      await changePackage(
        context,
        request,
        { name, level: 'write', power: 'yank' },
        { type: 'yank', version, ...request.body },
      );
      return reply.code(204).send();
    },
  });

  app.delete<{ Params: ApiVersionParameters }>('/api/v1/packages/:name/versions/:version/yank', {
    ...yanking,
    schema: { summary: 'Offers a yanked version again', operationId: 'unyank', params: apiVersionParametersSchema },
    async handler(request, reply) {
      const { name, version } = request.params;
      await changePackage(context, request, { name, level: 'write', power: 'yank' }, { type: 'unyank', version });
      return reply.code(204).send();
    },
  });

  app.put<{ Params: ApiPackageParameters; Body: ApiDeprecationBody }>('/api/v1/packages/:name/deprecation', {
    ...yanking,
    schema: {
      summary: 'Tells people not to use a package or a version; an empty message takes that back',
      operationId: 'deprecate',
      params: apiPackageParametersSchema,
      body: apiDeprecationBodySchema,
    },
    async handler(request, reply) {
      const { name } = request.params;
      await changePackage(
        context,
        request,
        { name, level: 'write', power: 'yank' },
        { type: 'deprecate', ...request.body },
      );
      return reply.code(204).send();
    },
  });

  app.put<{ Params: ApiTagParameters; Body: ApiTagBody }>('/api/v1/packages/:name/tags/:tag', {
    ...tagging,
    schema: {
      summary: 'Lets a tag name a version',
      operationId: 'setTag',
      params: apiTagParametersSchema,
      body: apiTagBodySchema,
    },
    async handler(request, reply) {
      const { name, tag } = request.params;
      const change = { type: 'tag', tag: checkedTag(tag), version: request.body.version } as const;
      await changePackage(context, request, { name, level: 'write', power: 'tag' }, change);
      return reply.code(204).send();
    },
  });

  app.delete<{ Params: ApiTagParameters }>('/api/v1/packages/:name/tags/:tag', {
    ...tagging,
    schema: { summary: 'Removes a tag', operationId: 'removeTag', params: apiTagParametersSchema },
    async handler(request, reply) {
      const { name, tag } = request.params;
      await changePackage(
        context,
        request,
        { name, level: 'write', power: 'tag' },
        { type: 'tag', tag: checkedTag(tag) },
      );
      return reply.code(204).send();
    },
  });

  for (const action of ['add', 'remove'] as const) {
    app.route<{ Params: ApiOwnerParameters }>({
      method: action === 'add' ? 'PUT' : 'DELETE',
      url: '/api/v1/packages/:name/owners/:owner',
      ...owning,
      schema: {
        params: apiOwnerParametersSchema,
        headers: apiCodeHeadersSchema,
        summary:
          action === 'add'
            ? 'Gives a package to one more user or organisation'
            : 'Takes a package from one of its owners',
        operationId: `${action}Owner`,
      },
      async handler(request, reply) {
        const { name, owner } = request.params;
        const need = { name, level: 'admin', power: 'owner', decidesPublishing: true } as const;
        await changePackage(context, request, need, { type: 'owner', action, owner: await ownerId(registry, owner) });
        return reply.code(204).send();
      },
    });
  }

  app.get<{ Params: ApiPackageParameters; Reply: ApiOwners }>('/api/v1/packages/:name/owners', {
    schema: {
      summary: 'Whom a package belongs to',
      operationId: 'listOwners',
      params: apiPackageParametersSchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiOwnersSchema },
    },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request) {
      const { name } = request.params;
      const state = await foundAfterKick(registry.log, () => registry.packages.package(name));
      if (state === undefined || !canRead(context, request, state)) throw notFoundFor(context, request, name);
      return { owners: await Promise.all(state.owners.map((id) => ownerRow(registry, id))) };
    },
  });

  app.put<{ Params: ApiPackageParameters; Body: ApiVisibilityBody }>('/api/v1/packages/:name/visibility', {
    ...owning,
    schema: {
      summary: 'Says who may read a package',
      operationId: 'setVisibility',
      params: apiPackageParametersSchema,
      headers: apiCodeHeadersSchema,
      body: apiVisibilityBodySchema,
    },
    async handler(request, reply) {
      const { name } = request.params;
      const change = { type: 'visibility', visibility: request.body.visibility } as const;
      const need = { name, level: 'admin', power: 'owner', decidesPublishing: true } as const;
      await changePackage(context, request, need, change);
      return reply.code(204).send();
    },
  });
}

function checkedTag(tag: string): string {
  if (isTag(tag)) return tag;
  const wanted = 'wanted a name such as "next" that is no version range';
  throw new EbpmError('EBPM_TAG_INVALID', `Cannot use "${tag}" as a tag: ${wanted}`);
}
