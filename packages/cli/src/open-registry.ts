import {
  type ChosenRegistry,
  chooseRegistry,
  Http,
  OfflineRegistry,
  type PackageRegistry,
  type Registries,
  RegistryClient,
  type RegistryWish,
  RememberedRegistry,
  readCertificates,
  readRegistries,
  registryAt,
  TrustedLog,
} from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { Context, Environment } from './context.js';

/** What a command line says about the registry. */
export interface RegistryOptions {
  /** `--registry`. */
  readonly flag: string | undefined;
  /** This program's version, for the registry's log. */
  readonly ebpmVersion: string;
}

/** What is to be done with one registry. */
export interface OneRegistryOptions extends RegistryOptions {
  /** The package that it is for, or the scope alone: `@acme/x`, `@acme`; undefined: no one in particular. */
  readonly name: string | undefined;
}

/**
 * Does something with the registry that flag, scope, environment and earlier logins choose.
 *
 * @throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID, EBPM_CREDENTIALS_UNUSABLE, and what `openHttp` throws
 */
export function withRegistry<T>(
  context: Context,
  { name, ...options }: OneRegistryOptions,
  use: (registry: RegistryClient) => Promise<T>,
): Promise<T> {
  return withRegistries(context, options, ({ registryFor }) => use(registryFor(name)));
}

/** Registries by the packages that they have, and by the addresses that a lockfile names. */
export interface RegistryAccess {
  readonly registryFor: (name: string | undefined) => RegistryClient;
  readonly registryAt: (url: string) => RegistryClient;
}

/**
 * Does something with several registries. No token goes to another registry than its own.
 *
 * @throws EBPM_CREDENTIALS_UNUSABLE, and what `openHttp` throws; `registryFor` throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID
 */
export async function withRegistries<T>(
  { env, home, registry, isOffline }: Context,
  { flag, ebpmVersion }: RegistryOptions,
  use: (access: RegistryAccess) => Promise<T>,
): Promise<T> {
  if (isOffline) throw offline('talk to a registry');
  const known = await readRegistries(home);
  const wish = { flag, env: registry, token: env['EBPM_TOKEN'] };
  return withHttp(env, ebpmVersion, async (http) => {
    const clients = new Map<string, RegistryClient>();
    const client = ({ url, token }: ChosenRegistry): RegistryClient =>
      openedOnce(clients, url, () => new RegistryClient(http, url, token, new TrustedLog(home, url)));
    return use({
      registryFor: (name) => client(chooseRegistry({ ...wish, name }, known)),
      registryAt: (url) => client(registryAt(url, wish, known)),
    });
  });
}

/** The same for what only installs: offline, a registry is what it has said of the archives in the store. */
export interface PackageAccess {
  readonly registryFor: (name: string) => PackageRegistry;
  readonly registryAt: (url: string) => PackageRegistry;
}

/** Does something with the packages of several registries, or, offline, with those of them that are in the store. @throws as `withRegistries` does */
export async function withPackages<T>(
  context: Context,
  options: RegistryOptions,
  use: (access: PackageAccess) => Promise<T>,
): Promise<T> {
  const { env, home, registry, isOffline } = context;
  if (!isOffline) {
    return withRegistries(context, options, ({ registryFor, registryAt }) => {
      const opened = new Map<string, PackageRegistry>();
      const remembered = (one: RegistryClient): PackageRegistry =>
        openedOnce(opened, one.url, () => new RememberedRegistry(one));
      return use({
        registryFor: (name) => remembered(registryFor(name)),
        registryAt: (url) => remembered(registryAt(url)),
      });
    });
  }
  const known = await readRegistries(home);
  const wish = { flag: options.flag, env: registry, token: env['EBPM_TOKEN'] };
  const opened = new Map<string, OfflineRegistry>();
  return use({
    // The same one each time: it learns its address from the package.
    registryFor: (name) =>
      openedOnce(opened, name, () => new OfflineRegistry(home, chosenUrl({ ...wish, name }, known))),
    registryAt: (url) => new OfflineRegistry(home, url),
  });
}

/** What was opened under a key before, else what is opened now. */
function openedOnce<T>(opened: Map<string, T>, key: string, open: () => T): T {
  const one = opened.get(key) ?? open();
  opened.set(key, one);
  return one;
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

/** What cannot be done without a network. */
export function offline(what: string): EbpmError {
  return new EbpmError('EBPM_OFFLINE', `Cannot ${what} without the network`, {
    hint: 'Type it again without --offline and EBPM_OFFLINE',
  });
}

/** The address of the registry that flag, scope, environment and earlier logins choose. */
export async function chooseRegistryUrl(
  { registry, home }: Context,
  { flag, name }: Pick<OneRegistryOptions, 'flag' | 'name'>,
): Promise<string> {
  // What is named needs no file, and a login repairs one that is not safe.
  const isNamed = flag || (registry && name === undefined);
  const known: Registries = isNamed ? { tokens: {} } : await readRegistries(home);
  return chooseRegistry({ flag, env: registry, name }, known).url;
}

/**
 * Does something with connections that go the way the environment asks for.
 *
 * @throws EBPM_CA_FILE_INVALID, EBPM_PROXY_INVALID
 */
export async function withHttp<T>(env: Environment, version: string, use: (http: Http) => Promise<T>): Promise<T> {
  const caFile = env['EBPM_CA_FILE'];
  const http = new Http({
    userAgent: `ebpm/${version}`,
    // As curl has it, lower case goes first.
    httpProxy: env['http_proxy'] || env['HTTP_PROXY'],
    httpsProxy: env['https_proxy'] || env['HTTPS_PROXY'],
    noProxy: env['no_proxy'] || env['NO_PROXY'],
    ca: caFile ? await readCertificates(caFile) : undefined,
  });
  try {
    return await use(http);
  } finally {
    await http.close();
  }
}
