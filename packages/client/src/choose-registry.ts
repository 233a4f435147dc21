import { EbpmError } from '@ebpm/formats';
import type { Registries } from './registries.js';
import { registryUrl } from './registry-url.js';

/** Where a command may learn which registry is meant, strongest first. */
export interface RegistryWish {
  /** `--registry`. */
  readonly flag?: string | undefined;
  /** `EBPM_REGISTRY`. */
  readonly env?: string | undefined;
  /** `EBPM_TOKEN`. */
  readonly token?: string | undefined;
}

/** A registry and what opens it. */
export interface ChosenRegistry {
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * The registry that is meant: the flag's, the environment's, else the default; there is none built in. `EBPM_TOKEN` is
 * the token of `EBPM_REGISTRY`, and of the registry in use only where that is not set: it never goes to another one.
 *
 * @throws EBPM_REGISTRY_UNSET, EBPM_REGISTRY_URL_INVALID
 */
export function chooseRegistry(
  { flag, env, token }: RegistryWish,
  { default: fallback, tokens }: Registries,
): ChosenRegistry {
  const named = flag || env || fallback;
  if (named === undefined) throw unset(Object.keys(tokens));
  const url = registryUrl(named);
  const own = token && (!env || registryUrl(env) === url) ? token : undefined;
  return { url, token: own ?? tokens[url] };
}

function unset(known: readonly string[]): EbpmError {
  const [first = 'https://hub.example.org'] = known;
  return new EbpmError('EBPM_REGISTRY_UNSET', 'Cannot tell which registry to use: none is configured', {
    hint: `Type: ebpm login --registry ${first}\nOr: export EBPM_REGISTRY=${first}`,
  });
}
