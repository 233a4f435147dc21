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
import type { FastifyInstance } from 'fastify';
import type { PackageState, VersionState } from '../fold/package-state.js';
import { readHook } from '../http/read-hook.js';
import type { Registry } from '../registry.js';
import { foundAfterKick } from './found-after-kick.js';
import { publisherNames } from './publisher-names.js';
import type { RouteContext } from './route-context.js';

/** GET /api/v1/packages/{name} and .../versions/{version}: what the log says about a package. */
export function packageRoutes(app: FastifyInstance, { registry }: RouteContext): void {
  app.get<{ Params: ApiPackageParameters; Reply: ApiPackage }>('/api/v1/packages/:name', {
    schema: { params: apiPackageParametersSchema, headers: apiReadHeadersSchema, response: { 200: apiPackageSchema } },
    preHandler: readHook(registry),
    async handler({ params: { name } }) {
      const state = await foundAfterKick(registry.log, () => registry.packages.package(name));
      if (state === undefined) throw packageNotFound(name);
      return packageDocument(registry, state);
    },
  });

  app.get<{ Params: ApiVersionParameters; Reply: ApiVersion }>('/api/v1/packages/:name/versions/:version', {
    schema: { params: apiVersionParametersSchema, headers: apiReadHeadersSchema, response: { 200: apiVersionSchema } },
    preHandler: readHook(registry),
    async handler({ params: { name, version } }) {
      const identity = parseVersion(version);
      const state = await foundAfterKick(registry.log, () => registry.packages.version(name, identity));
      if (state !== undefined) return versionDocument(registry, state);
      throw registry.packages.package(name) === undefined ? packageNotFound(name) : versionNotFound(name, version);
    },
  });
}

async function packageDocument(registry: Registry, { name, tags, shown }: PackageState): Promise<ApiPackage> {
  const versions = registry.packages.versions(name);
  const description = versions.find(({ version }) => version === shown)?.manifest['description'];
  const names = await publisherNames(registry.people, versions);
  return {
    name,
    ...(typeof description === 'string' && { description }),
    tags,
    versions: versions.map(({ version, digest, size, publishedAt, publisher, at, yanked }) => ({
      version,
      digest,
      sizeBytes: size,
      publishedAt,
      publisher: names.get(publisher) ?? publisher,
      seq: at.seq,
      yanked: yanked !== undefined,
    })),
  };
}

async function versionDocument(registry: Registry, state: VersionState): Promise<ApiVersion> {
  const { name, version, digest, size, files, manifest, publishedAt, publisher, at, factsVersion } = state;
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
  };
}

function packageNotFound(name: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_NOT_FOUND', `Cannot find "${name}": the registry has no package of this name`);
}

function versionNotFound(name: string, version: string): EbpmError {
  return new EbpmError('EBPM_VERSION_NOT_FOUND', `Cannot find "${name}@${version}": the package has no such version`);
}
