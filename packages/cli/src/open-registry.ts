import {
  type ChosenRegistry,
  chooseRegistry,
  type Registries,
  RegistryClient,
  readRegistries,
  registryAt,
  TrustedLog,
} from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { Context } from './context.js';
import { openedOnce } from './opened-once.js';
import { withHttp } from './with-http.js';

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
 * @throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID, EBPM_CREDENTIALS_UNUSABLE, and what `withHttp` throws
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
 * @throws EBPM_CREDENTIALS_UNUSABLE, and what `withHttp` throws; `registryFor` throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID
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
