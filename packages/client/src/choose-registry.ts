import { EbpmError } from '@ebpm/formats';
import type { Registries } from './registries.js';
import { registryUrl } from './registry-url.js';

/** Where a command may learn which registry is meant. */
export interface RegistryWish {
  /** `--registry`. */
  readonly flag?: string | undefined;
  /** `EBPM_REGISTRY`. */
  readonly env?: string | undefined;
  /** `EBPM_TOKEN`. */
  readonly token?: string | undefined;
  /** The package that it is for, or the scope alone: `@acme/x`, `@acme`. */
  readonly name?: string | undefined;
}

/** A registry and what opens it. */
export interface ChosenRegistry {
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * The registry that is meant: the flag's, that of the package's scope, the environment's, else the default; there is none built in. A
 * scope goes before the environment, so that what is private is asked for nowhere else.
 *
 * @throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID
 */
export function chooseRegistry(wish: RegistryWish, known: Registries): ChosenRegistry {
  const named = wish.flag || scopesRegistry(wish.name, known) || wish.env || known.default;
  if (named === undefined) throw unset(Object.keys(known.tokens));
  return registryAt(named, wish, known);
}

/**
 * The registry at an address that somebody else may have written, such as a lockfile. `EBPM_TOKEN` is the token of `EBPM_REGISTRY`, else
 * of `--registry`, else of the default: it never goes to another one.
 *
 * @throws EBPM_REGISTRY_URL_INVALID
 */
export function registryAt(address: string, { flag, env, token }: RegistryWish, known: Registries): ChosenRegistry {
  const url = registryUrl(address);
  const tokensOwn = env || flag || known.default;
  const own = token && tokensOwn && registryUrl(tokensOwn) === url ? token : undefined;
  return { url, token: own ?? known.tokens[url] };
}

function scopesRegistry(name: string | undefined, { scopes }: Registries): string | undefined {
  const [scope = ''] = name?.startsWith('@') === true ? name.split('/') : [];
  return scopes !== undefined && Object.hasOwn(scopes, scope) ? scopes[scope] : undefined;
}

function unset(known: readonly string[]): EbpmError {
  const [first = 'https://hub.example.org'] = known;
  return new EbpmError('EBPM_REGISTRY_UNSET', 'Cannot tell which registry to use: none is configured', {
    hint: `Type: ebpm login --registry ${first}\nOr: export EBPM_REGISTRY=${first}`,
  });
}
