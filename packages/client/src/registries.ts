import { isDeepStrictEqual } from 'node:util';
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
  /** The registries of scopes, by names such as `@acme`. */
  readonly scopes?: Readonly<Record<string, string>>;
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
 * Keeps the token of a registry. It becomes that of a scope where one is named, else the default when there is none.
 *
 * @param scope such as `@acme`
 * @throws EBPM_CREDENTIALS_UNUSABLE, EBPM_STORE_UNWRITABLE
 */
export async function rememberRegistry(home: string, url: string, token: string, scope?: string): Promise<void> {
  await changeRegistries(home, ({ default: fallback, tokens, scopes }) => ({
    default: scope === undefined ? (fallback ?? url) : fallback,
    tokens: { ...tokens, [url]: token },
    scopes: scope === undefined ? scopes : { ...scopes, [scope]: url },
  }));
}

/**
 * Forgets a registry: its token, that it is the default, and its scopes. Gives whether there was a token.
 *
 * @throws EBPM_CREDENTIALS_UNUSABLE, EBPM_STORE_UNWRITABLE
 */
export async function forgetRegistry(home: string, url: string): Promise<boolean> {
  let known = false;
  await changeRegistries(home, ({ default: fallback, tokens, scopes = {} }) => {
    known = Object.hasOwn(tokens, url);
    return {
      default: fallback === url ? undefined : fallback,
      tokens: Object.fromEntries(Object.entries(tokens).filter(([other]) => other !== url)),
      scopes: Object.fromEntries(Object.entries(scopes).filter(([, other]) => other !== url)),
    };
  });
  return known;
}

/** What is to be kept. */
type NewRegistries = { readonly [Key in keyof Registries]: Registries[Key] | undefined };

/**
 * Changes the file, unless it says the same afterwards and nobody else could read it. It has mode 600 then.
 *
 * @throws EBPM_CREDENTIALS_UNUSABLE, EBPM_STORE_UNWRITABLE
 */
export async function changeRegistries(home: string, change: (before: Registries) => NewRegistries): Promise<void> {
  let isClosed = true;
  const before = await load(home, (stat) => {
    isClosed = closed(stat) === undefined;
    return owned(stat);
  });
  const { default: fallback, tokens = {}, scopes = {} } = change(before);
  const after: Registries = {
    ...(fallback !== undefined && { default: fallback }),
    tokens,
    ...(Object.keys(scopes).length > 0 && { scopes }),
  };
  if (!isClosed || !isDeepStrictEqual(before, after)) await save(home, after);
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
  const {
    default: url,
    tokens,
    scopes,
  } = (parseJsonText(bytes) ?? {}) as { readonly [Key in keyof Registries]?: unknown };
  if (url !== undefined && typeof url !== 'string') throw new Error('"default" in it is no text');
  return {
    ...(url !== undefined && { default: url }),
    tokens: texts(tokens, 'tokens'),
    ...(scopes !== undefined && { scopes: texts(scopes, 'scopes') }),
  };
}

function texts(value: unknown, name: keyof Registries): Record<string, string> {
  if (typeof value !== 'object' || value === null) throw new Error(`it has no "${name}"`);
  const entries = Object.entries(value);
  if (entries.some(([, text]) => typeof text !== 'string')) throw new Error(`one of "${name}" in it is no text`);
  return Object.fromEntries(entries);
}
