import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EbpmError, publicKeyOf, publisherKeyId } from '@ebpm/formats';
import { MAX_KEY_FILE_BYTES } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { refuseUnsafe } from '../safe-file.js';
import { makeFolder, syncFolder, writeSynced } from '../write-file-atomically.js';
import { writing } from '../writing.js';

/** Nobody but the user reads or writes the file. */
const MODE = 0o600;

/** What a key is called that nobody gave a name. */
export const DEFAULT_KEY = 'default';

/** A private key of a publisher, which stays where it is. */
export interface PublisherKey {
  readonly privateKey: KeyObject;
  /** `k_<32 hex>`. */
  readonly id: string;
  /** 32 bytes in base64url. */
  readonly publicKey: string;
}

/**
 * Where a key lies: a path as it is, a name below `keys` of a home.
 * @throws EBPM_KEY_FILE_UNUSABLE for a name that is none
 */
export function keyPath(home: string, name: string): string {
  if (name.includes('/')) return name;
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) return join(home, 'keys', `${name}.pem`);
  throw new EbpmError('EBPM_KEY_FILE_UNUSABLE', `Cannot use "${name}" as the name of a key`, {
    hint: 'Write a-z, 0-9, ".", "_" and "-", at most 64 characters, or the path of a file, with a "/" in it',
  });
}

/**
 * Makes a new key. A file that is there already is never written over.
 * @throws EBPM_KEY_FILE_EXISTS, EBPM_STORE_UNWRITABLE
 */
export async function generateKey(path: string): Promise<PublisherKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writing(async () => {
    await makeFolder(dirname(path));
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await writeSynced(temporary, pem, MODE);
      await link(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path);
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(dirname(path));
  });
  return keyOf(privateKey);
}

/** The key in a file; undefined where there is none. @throws EBPM_KEY_FILE_UNUSABLE */
export async function readKey(path: string): Promise<PublisherKey | undefined> {
  try {
    const bytes = await readRegularFile(path, MAX_KEY_FILE_BYTES, refuseUnsafe);
    return bytes === undefined ? undefined : parseKey(Buffer.from(bytes).toString('utf8'), path);
  } catch (cause) {
    if (cause instanceof EbpmError) throw cause;
    throw unusable(path, cause instanceof Error ? cause.message : String(cause));
  }
}

/** Puts a new key's file in the place of an older one's, which is kept beside it under its id. @throws EBPM_STORE_UNWRITABLE */
export async function replaceKeyFile(path: string, next: string, older: PublisherKey): Promise<void> {
  await writing(async () => {
    await rename(path, path.replace(/(\.pem)?$/, `.${older.id}.pem`));
    await rename(next, path);
    await syncFolder(dirname(path));
  });
}

/**
 * Reads a private key.
 * @param pem PKCS #8, in PEM
 * @param source what it is called in errors; the text itself is in none
 * @throws EBPM_KEY_FILE_UNUSABLE
 */
export function parseKey(pem: string, source: string): PublisherKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // The reason could quote the text.
    throw unusable(source, 'it is no private key in PEM');
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw unusable(source, 'it is no key of Ed25519');
  return keyOf(privateKey);
}

function keyOf(privateKey: KeyObject): PublisherKey {
  const publicKey = publicKeyOf(privateKey);
  return { privateKey, publicKey, id: publisherKeyId(publicKey) };
}

function exists(path: string): EbpmError {
  return new EbpmError('EBPM_KEY_FILE_EXISTS', `Cannot make a key in "${path}": there is one already`, {
    hint: 'Give the new one another name: --key NAME. To replace the one that is there: ebpm keys rotate',
  });
}

function unusable(source: string, reason: string): EbpmError {
  return new EbpmError('EBPM_KEY_FILE_UNUSABLE', `Cannot use the key in "${source}": ${reason}`, {
    hint: 'It is PEM with an Ed25519 key, in a file that nobody else may read: chmod 600 FILE. Make one: ebpm keys generate',
  });
}
