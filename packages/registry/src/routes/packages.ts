import { EbpmError, parseVersion } from '@ebpm/formats';
import {
  type ApiPackage,
  type ApiPackageParameters,
  type ApiVersion,
  type ApiVersionParameters,
  apiPackageParametersSchema,
  apiPackageSchema,
  apiReadHeadersSchema,
  apiVersionParametersSchema,
  apiVersionSchema,
} from '@ebpm/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PackageState, VersionState } from '../fold/package-state.js';
import { readHook } from '../http/read-hook.js';
import { canRead, identifyReader, notFoundFor } from '../http/reader.js';
import { unpackFacts } from '../publish/packed-facts.js';
import type { Registry } from '../registry.js';
import { foundAfterKick } from './found-after-kick.js';
import { signatureOf, signingKeys } from './package-keys.js';
import { publisherNames } from './publisher-names.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/packages/{name} and .../versions/{version}: what the log says about a package. */
export function packageRoutes(app: FastifyInstance, context: RouteContext): void {
  const { registry } = context;
  app.get<{ Params: ApiPackageParameters; Reply: ApiPackage }>('/api/v1/packages/:name', {
    schema: {
      summary: 'A package and its versions',
      operationId: 'getPackage',
      params: apiPackageParametersSchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiPackageSchema },
    },
    config: { shared: true },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { name } = request.params;
      const elsewhere = await fromUpstream(context, reply, name, () => registry.upstreams.package(name));
      if (elsewhere !== undefined) return elsewhere;
      const state = await readablePackage(context, request, reply, name);
      // A cache in front asks each time, and mostly gets 304.
      if (state.visibility === 'public') reply.header('cache-control', 'public, max-age=0, must-revalidate');
      return packageDocument(registry, state);
    },
  });

  app.get<{ Params: ApiVersionParameters; Reply: ApiVersion }>('/api/v1/packages/:name/versions/:version', {
    schema: {
      summary: 'One version in full',
      operationId: 'getVersion',
      params: apiVersionParametersSchema,
      headers: apiReadHeadersSchema,
      response: { 200: apiVersionSchema },
    },
    config: { shared: true },
    onRequest: identifyReader(context),
    preHandler: readHook(registry),
    async handler(request, reply) {
      const { name, version } = request.params;
      const identity = parseVersion(version);
      await foundAfterKick(registry.log, () => registry.packages.version(name, identity));
      const elsewhere = await fromUpstream(context, reply, name, () => registry.upstreams.version(name, version));
      if (elsewhere !== undefined) return elsewhere;
      const { visibility } = await readablePackage(context, request, reply, name);
      if (visibility === 'public') reply.header('cache-control', 'public, max-age=60');
      const state = registry.packages.version(name, identity);
      if (state === undefined) throw versionNotFound(name, version);
      if (state.takenDown !== undefined) throw takenDown(`${name}@${version}`, state.takenDown);
      return versionDocument(registry, state);
    },
  });
}

/** What another registry has of a name that is not here. It may have more a moment later, which our log does not say. */
async function fromUpstream<T>(
  { registry }: RouteContext,
  reply: FastifyReply,
  name: string,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if ((await foundAfterKick(registry.log, () => registry.packages.package(name))) !== undefined) return undefined;
  const found = await ask();
  if (found !== undefined) reply.header('cache-control', 'no-store');
  return found;
}

/** The package, if who asks may read it. What not everybody may read is kept by no cache that several share. */
async function readablePackage(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
): Promise<PackageState> {
  const { log, packages } = context.registry;
  const state = await foundAfterKick(log, () => packages.package(name));
  if (state === undefined || !canRead(context, request, state)) throw notFoundFor(context, request, name);
  if (state.takenDown !== undefined) throw takenDown(name, state.takenDown);
  if (state.visibility === 'private') reply.header('cache-control', 'private, no-cache');
  return state;
}

async function packageDocument(registry: Registry, state: PackageState): Promise<ApiPackage> {
  const { name, tags, shown, visibility, deprecated } = state;
  const all = registry.packages.versions(name);
  const versions = all.filter(({ takenDown }) => takenDown === undefined);
  const gone = all.filter(({ takenDown }) => takenDown !== undefined).map(({ version }) => version);
  const description = versions.find(({ version }) => version === shown)?.manifest['description'];
  const names = await publisherNames(registry.people, versions);
  const keys = signingKeys(registry.packages, versions);
  return {
    name,
    ...(typeof description === 'string' && { description }),
    visibility,
    ...(deprecated !== undefined && { deprecated }),
    tags,
    ...(gone.length > 0 && { takenDown: gone }),
    ...(keys.length > 0 && { keys }),
    versions: versions.map(
      ({ version, digest, size, publishedAt, publisher, at, yanked, deprecated: warning, ...read }) => ({
        version,
        digest,
        sizeBytes: size,
        publishedAt,
        publisher: names.get(publisher) ?? publisher,
        seq: at.seq,
        yanked: yanked !== undefined,
        // It may be empty.
        ...(yanked && { yankedBecause: yanked }),
        ...(warning !== undefined && { deprecated: warning }),
        ...(read.bundles !== undefined && { signature: signatureOf(read.bundles) }),
        factsVersion: read.factsVersion,
        ...(read.factsDigest !== undefined && { factsDigest: read.factsDigest }),
      }),
    ),
  };
}

async function versionDocument(registry: Registry, state: VersionState): Promise<ApiVersion> {
  const { name, version, digest, size, files, manifest, publishedAt, publisher, at, factsVersion } = state;
  const facts = state.facts === undefined ? undefined : unpackFacts(state.facts);
  const names = await publisherNames(registry.people, [state]);
  return {
    name,
    version,
    digest,
    sizeBytes: size,
    files: files.map(({ path, size: sizeBytes, sha256 }) => ({ path, sizeBytes, digest: `sha256:${sha256}` })),
    manifest,
    publishedAt,
    publisher: names.get(publisher) ?? publisher,
    seq: at.seq,
    factsVersion,
    ...(state.bundles !== undefined && { bundles: JSON.parse(state.bundles) }),
    ...(state.factsDigest !== undefined && { factsDigest: state.factsDigest }),
    ...(facts !== undefined && { facts: { ...facts } }),
  };
}

function takenDown(what: string, reason: string): EbpmError {
  return new EbpmError('EBPM_TAKEN_DOWN', `Cannot show "${what}": it was taken down`, { data: { reason } });
}

function versionNotFound(name: string, version: string): EbpmError {
  return new EbpmError('EBPM_VERSION_NOT_FOUND', `Cannot find "${name}@${version}": the package has no such version`);
}
