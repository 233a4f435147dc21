import { EbpmError, JsonTextError, parseJsonText } from '@ebpm/formats';
import { MAX_REGISTRIES_BYTES } from './limits.js';
import { readRegularFile } from './read-regular-file.js';
import { closed, type Objection, owned } from './safe-file.js';
import { StorePaths } from './store-paths.js';
import { writeFileAtomically } from './write-file-atomically.js';
import { writing } from './writing.js';

/** What a user has told about registries: `registries.json`. */
export interface Registries {
  /** The registry that is meant where none is named. */
  readonly default?: string;
  /** Tokens by their registry's URL. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Nobody but the user reads or writes the file. */
const MODE = 0o600;

/**
 * Reads the file with registries and tokens in a home; none is an empty one. Like ssh's keys, it is not used when others
 * may have read it or written into it.
 *
 * @throws EBPM_CREDENTIALS_UNUSABLE
 */
export function readRegistries(home: string): Promise<Registries> {
  return load(home, (stat) => owned(stat) ?? closed(stat));
}

/**
 * Keeps the token of a registry, which becomes the default when there is none.
 *
 * @throws EBPM_CREDENTIALS_UNUSABLE, EBPM_STORE_UNWRITABLE
 */
export async function rememberRegistry(home: string, url: string, token: string): Promise<void> {
  const before = await load(home, owned);
  await save(home, { default: before.default ?? url, tokens: { ...before.tokens, [url]: token } });
}

/**
 * Forgets a registry: its token, and that it is the default. Gives whether there was a token.
 *
 * @throws EBPM_CREDENTIALS_UNUSABLE, EBPM_STORE_UNWRITABLE
 */
export async function forgetRegistry(home: string, url: string): Promise<boolean> {
  const { default: fallback, tokens } = await load(home, owned);
  const left = Object.entries(tokens).filter(([other]) => other !== url);
  const known = Object.hasOwn(tokens, url);
  if (!known && fallback !== url) return false;
  await save(home, {
    ...(fallback === undefined || fallback === url ? {} : { default: fallback }),
    tokens: Object.fromEntries(left),
  });
  return known;
}

/** The file that is written has mode 0600, whatever the one before had. */
async function save(home: string, registries: Registries): Promise<void> {
  const text = `${JSON.stringify(registries, null, 2)}\n`;
  await writing(() => writeFileAtomically(new StorePaths(home).registries, text, MODE));
}

async function load(home: string, objection: Objection): Promise<Registries> {
  const path = new StorePaths(home).registries;
  try {
    const bytes = await readRegularFile(path, MAX_REGISTRIES_BYTES, (stat) => {
      const reason = objection(stat);
      if (reason !== undefined) throw new Error(reason);
    });
    return bytes === undefined ? { tokens: {} } : parse(bytes);
  } catch (cause) {
    const reason = cause instanceof JsonTextError ? 'it is not JSON' : cause instanceof Error ? cause.message : cause;
    throw new EbpmError('EBPM_CREDENTIALS_UNUSABLE', `Cannot use "${path}": ${reason}`, {
      hint: `Type: chmod 600 ${path}\nOr remove it and log in again: ebpm login`,
    });
  }
}

function parse(bytes: Uint8Array): Registries {
  const value = parseJsonText(bytes);
  const { default: url, tokens } = (value ?? {}) as { readonly default?: unknown; readonly tokens?: unknown };
  if (typeof tokens !== 'object' || tokens === null) throw new Error('it has no "tokens"');
  const entries = Object.entries(tokens);
  if (entries.some(([, token]) => typeof token !== 'string')) throw new Error('a token in it is no text');
  if (url !== undefined && typeof url !== 'string') throw new Error('"default" in it is no text');
  return { ...(url === undefined ? {} : { default: url }), tokens: Object.fromEntries(entries) };
}
