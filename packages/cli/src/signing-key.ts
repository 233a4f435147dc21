import { DEFAULT_KEY, keyPath, type PublisherKey, parseKey, readKey } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { Context } from './context.js';

/** Where a publisher's key lies, and the key. */
export interface FoundKey {
  /** The path of its file, or the variable that holds it. */
  readonly source: string;
  readonly key: PublisherKey;
}

/**
 * The key that signs: the one that is named, the environment's, else the one of the default name; undefined where there is none. A key is
 * never on the command line, where everybody on the machine could read it.
 *
 * @throws EBPM_KEY_FILE_MISSING, EBPM_KEY_FILE_UNUSABLE
 */
export async function findSigningKey({ env, home }: Context, name: string | undefined): Promise<FoundKey | undefined> {
  if (name !== undefined) return requireKey(keyPath(home, name));
  const pem = env['EBPM_SIGNING_KEY'];
  if (pem) return { source: 'EBPM_SIGNING_KEY', key: parseKey(pem, 'EBPM_SIGNING_KEY') };
  const file = env['EBPM_SIGNING_KEY_FILE'];
  if (file) return requireKey(file);
  const source = keyPath(home, DEFAULT_KEY);
  const key = await readKey(source);
  return key && { source, key };
}

/** The key in a file. @throws EBPM_KEY_FILE_MISSING, EBPM_KEY_FILE_UNUSABLE */
export async function requireKey(source: string): Promise<FoundKey> {
  const key = await readKey(source);
  if (key !== undefined) return { source, key };
  throw new EbpmError('EBPM_KEY_FILE_MISSING', `Cannot sign with "${source}": there is no such file`, {
    hint: 'Make a key: ebpm keys generate',
  });
}
