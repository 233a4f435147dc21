import { EbpmError, isProven, isRotation, publisherKeyId } from '@ebpm/formats';
import {
  type ApiKey,
  type ApiKeyBody,
  type ApiKeyParameters,
  type ApiKeys,
  type ApiKeysQuery,
  apiKeyBodySchema,
  apiKeyParametersSchema,
  apiKeySchema,
  apiKeysQuerySchema,
  apiKeysSchema,
  apiReadHeadersSchema,
} from '@ebpm/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Asking } from '../accounts/accounts.js';
import type { KeyState } from '../fold/key-state.js';
import { readHook } from '../http/read-hook.js';
import { requireToken } from '../http/require-token.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import type { Registry } from '../registry.js';
import { changeHooks } from './answer-change.js';
import { askingAdmin, askingFor, organisationOf } from './asking.js';
import { foundAfterKick } from './found-after-kick.js';
import { ownerRow } from './owner-row.js';
import type { RouteContext } from './route-context.js';

/** /api/v1/keys: the keys that publishers sign with. A key has one owner, a user or an organisation, for ever. */
export function keyRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  const { packages } = registry;
  const own = { ...changeHooks(registry), onRequest: requireToken(registry, context, 'account') };

  app.get<{ Querystring: ApiKeysQuery; Reply: ApiKeys }>('/api/v1/keys', {
    ...own,
    schema: {
      querystring: apiKeysQuerySchema,
      response: { 200: apiKeysSchema },
      summary: 'The keys of the account, or of an organisation',
      operationId: 'listKeys',
    },
    async handler(request) {
      const { by } = askingFor(context, request);
      const { organisation } = request.query;
      const owner = organisation === undefined ? by : organisationOf(context, request, organisation).id;
      return { keys: await Promise.all(packages.keysOf(owner).map((key) => keyRow(registry, key))) };
    },
  });

  app.post<{ Body: ApiKeyBody; Reply: ApiKey }>('/api/v1/keys', {
    ...own,
    schema: {
      body: apiKeyBodySchema,
      response: { 201: apiKeySchema },
      summary: 'Registers a key',
      operationId: 'addKey',
    },
    async handler(request, reply) {
      const { publicKey, proof, organisation, replaces, rotation } = request.body;
      const { owner, asking } = keyOwner(context, request, organisation);
      const id = publisherKeyId(publicKey);
      if (!isProven({ publicKey, proof }, owner)) throw proofWrong(id);
      if (packages.key(id) === undefined && packages.keysOf(owner).length >= ACCOUNT_LIMITS.keys) throw tooMany();
      const rotated = checkRotation(registry, { id, publicKey, replaces, rotation });
      await changeKey(registry, asking, owner, { action: 'register', id, publicKey, ...rotated });
      const key = packages.key(id);
      if (key === undefined) throw new TypeError(`the key "${id}" is in the log and not in the index`);
      reply.code(201);
      return keyRow(registry, key);
    },
  });

  app.get<{ Params: ApiKeyParameters; Reply: ApiKey }>('/api/v1/keys/:key', {
    schema: {
      params: apiKeyParametersSchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiKeySchema },
      summary: 'A key, and whose it is',
      operationId: 'getKey',
    },
    config: { shared: true },
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { key: id } = request.params;
      const key = await foundAfterKick(registry.log, () => packages.key(id));
      if (key === undefined) throw keyNotFound(`Cannot find the key "${id}": nobody registered it`);
      // It may be revoked at any time.
      reply.header('cache-control', 'public, max-age=0, must-revalidate');
      return keyRow(registry, key);
    },
  });

  app.delete<{ Params: ApiKeyParameters }>('/api/v1/keys/:key', {
    ...own,
    schema: {
      params: apiKeyParametersSchema,
      summary: 'Revokes a key, for ever',
      operationId: 'revokeKey',
    },
    async handler(request, reply) {
      const { key: id } = request.params;
      const { by } = askingFor(context, request);
      const key = await foundAfterKick(registry.log, () => packages.key(id));
      const organisation = key && registry.accountIndex.record('organisation', key.owner)?.name;
      const isIn = organisation !== undefined && isMember(registry, key?.owner, by);
      // Who is not in the organisation is told no more than that it is not his.
      const { owner, asking } = keyOwner(context, request, isIn ? organisation : undefined);
      if (key?.owner !== owner) throw keyNotFound(`Cannot revoke "${id}": you have no such key`);
      await changeKey(registry, asking, owner, { action: 'revoke', id });
      return reply.code(204).send();
    },
  });
}

/** Whose key it is or becomes: of who asks, or of an organisation of which he is an admin. */
function keyOwner(
  context: RouteContext,
  request: FastifyRequest,
  name: string | undefined,
): { readonly owner: string; readonly asking: Asking } {
  if (name === undefined) {
    const asking = askingFor(context, request);
    return { owner: asking.by, asking };
  }
  const { organisation: owner, asking } = askingAdmin(context, request, name);
  return { owner, asking };
}

function isMember({ accountIndex }: Registry, organisation: string | undefined, user: string): boolean {
  return accountIndex.record('member', `${organisation}/${user}`) !== undefined;
}

/** Whose place a key takes, and the signature that says so. */
interface Rotation {
  readonly replaces?: string;
  readonly rotation?: string;
}

interface WantedKey {
  readonly id: string;
  readonly publicKey: string;
  readonly replaces: string | undefined;
  readonly rotation: string | undefined;
}

/** A key takes the place of one that holds, which has signed that, and whose place no other one took. */
function checkRotation({ packages }: Registry, { id, publicKey, replaces, rotation }: WantedKey): Rotation {
  if (replaces === undefined && rotation === undefined) return {};
  const older = replaces === undefined ? undefined : packages.key(replaces);
  if (older === undefined) throw keyNotFound(`Cannot replace "${replaces}": nobody registered it`);
  if (older.revokedAt !== undefined) {
    throw new EbpmError('EBPM_KEY_REVOKED', `Cannot replace "${older.id}": it was revoked`, {
      hint: 'a revoked key says nothing any more: register the new one without it',
    });
  }
  if (rotation === undefined || !isRotation(older.publicKey, publicKey, rotation)) throw proofWrong(id);
  const other = packages.successorOf(older.id);
  if (other === undefined || other === id) return { replaces: older.id, rotation };
  throw new EbpmError('EBPM_KEY_RETIRED', `Cannot replace "${older.id}": "${other}" has taken its place`);
}

type KeyChange =
  | ({ readonly action: 'register'; readonly id: string; readonly publicKey: string } & Rotation)
  | { readonly action: 'revoke'; readonly id: string };

async function changeKey(
  { log, permits }: Registry,
  { by, check }: Asking,
  owner: string,
  change: KeyChange,
): Promise<void> {
  const op = { type: 'key' as const, by, ...(owner !== by && { as: owner }), ...change };
  await permits.during(op, check, () => log.commit(op));
}

async function keyRow(
  registry: Registry,
  { id, owner, publicKey, registeredAt, revokedAt, replaces, rotation }: KeyState,
): Promise<ApiKey> {
  return {
    id,
    owner: await ownerRow(registry, owner),
    publicKey,
    registeredAt,
    ...(replaces !== undefined && { replaces }),
    ...(rotation !== undefined && { rotation }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}

function proofWrong(id: string): EbpmError {
  const message = `Cannot register "${id}": "proof" is not a signature by this key for its owner`;
  return new EbpmError('EBPM_KEY_PROOF_WRONG', message);
}

function tooMany(): EbpmError {
  const message = `Cannot register the key: there are ${ACCOUNT_LIMITS.keys} already`;
  return new EbpmError('EBPM_TOO_MANY', message, { hint: 'one key is enough for any number of packages' });
}

function keyNotFound(message: string): EbpmError {
  return new EbpmError('EBPM_KEY_NOT_FOUND', message, {
    hint: 'Type "ebpm keys ls" to see yours, "ebpm keys ls --organisation NAME" for those of an organisation',
  });
}
