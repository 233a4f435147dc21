import {
  type ChosenRegistry,
  chooseRegistry,
  type Http,
  OfflineRegistry,
  type PackageRegistry,
  type Registries,
  type RegistryClient,
  type RegistryWish,
  RememberedRegistry,
  readRegistries,
  registryAt,
  TrustedLog,
} from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { Context } from './context.js';
import type { RegistryOptions } from './open-registry.js';
import { openedOnce } from './opened-once.js';
import { withHttp } from './with-http.js';

/** Registries, for what only installs: offline, a registry is what it has said of the archives in the store. */
export interface PackageAccess {
  readonly registryFor: (name: string) => PackageRegistry;
  readonly registryAt: (url: string) => PackageRegistry;
}

/** Does something with the packages of several registries, or, offline, with those of them that are in the store. @throws EBPM_CREDENTIALS_UNUSABLE, and what `withHttp` throws; `registryFor` throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID */
export async function withPackages<T>(
  context: Context,
  options: RegistryOptions,
  use: (access: PackageAccess) => Promise<T>,
): Promise<T> {
  const { env, home, registry, isOffline } = context;
  const known = await readRegistries(home);
  const wish = { flag: options.flag, env: registry, token: env['EBPM_TOKEN'] };
  if (!isOffline) {
    return withHttp(env, options.ebpmVersion, (http) => {
      const opened = new Map<string, PackageRegistry>();
      // As a lockfile has it, once for each of its packages.
      const byAddress = new Map<string, PackageRegistry>();
      const remembered = ({ url, token }: ChosenRegistry): PackageRegistry =>
        openedOnce(opened, url, () => new RememberedRegistry(home, new TrustedLog(home, url), openClient(http, token)));
      return use({
        registryFor: (name) => remembered(chooseRegistry({ ...wish, name }, known)),
        registryAt: (url) => openedOnce(byAddress, url, () => remembered(registryAt(url, wish, known))),
      });
    });
  }
  const opened = new Map<string, OfflineRegistry>();
  const openedAt = new Map<string, OfflineRegistry>();
  return use({
    // The same one each time: it learns its address from the package.
    registryFor: (name) =>
      openedOnce(opened, name, () => new OfflineRegistry(home, chosenUrl({ ...wish, name }, known))),
    registryAt: (url) => openedOnce(openedAt, url, () => new OfflineRegistry(home, url)),
  });
}

/** Loaded once there is something to ask. */
function openClient(http: Http, token: string | undefined): (trusted: TrustedLog) => Promise<RegistryClient> {
  return async (trusted) => {
    const { RegistryClient } = await import('@ebpm/client/registry');
    return new RegistryClient(http, trusted.url, token, trusted);
  };
}

/** Offline, a package that is known from one registry alone needs none to be configured. */
function chosenUrl(wish: RegistryWish, known: Registries): string | undefined {
  try {
    return chooseRegistry(wish, known).url;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_REGISTRY_UNSET') return undefined;
    throw error;
  }
}
