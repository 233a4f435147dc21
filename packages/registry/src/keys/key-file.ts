import { randomBytes } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { whyUnreadable } from '../config/why-unreadable.js';
import { makeDirectories } from '../make-directories.js';
import { isErrno } from '../stores/local-error.js';
import { withFile } from '../stores/with-file.js';
import { SECRET_SIZE_BYTES, type ServerKey, serverKey } from './server-key.js';

/** 64 hex digits and a line feed; one more byte shows that there is more. */
const READ_SIZE_BYTES = 66;

/**
 * Reads the key in a file: one line of 64 hex digits.
 * @returns undefined when there is no such file
 * @throws EBPM_REGISTRY_KEY_INVALID
 */
export async function readKeyFile(path: string): Promise<ServerKey | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const [, hex] = /^([0-9a-f]{64})\n?$/.exec(text) ?? [];
  if (hex !== undefined) return serverKey(Buffer.from(hex, 'hex'));
  throw new EbpmError(
    'EBPM_REGISTRY_KEY_INVALID',
    `Cannot read the key in "${path}": wanted one line of 64 hex digits`,
  );
}

/**
 * Reads the key in a file, after making one there (mode 0600) if there is none. Of any number of processes that do this at
 * once, one makes the key and all read it.
 * @throws EBPM_REGISTRY_KEY_INVALID
 */
export async function readOrMakeKeyFile(path: string): Promise<ServerKey> {
  const present = await readKeyFile(path);
  if (present !== undefined) return present;
  makeDirectories(dirname(path), 0o700);
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeDurably(temporary, `${randomBytes(SECRET_SIZE_BYTES).toString('hex')}\n`);
    await linkUnlessThere(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  const made = await readKeyFile(path);
  if (made !== undefined) return made;
  throw new EbpmError('EBPM_REGISTRY_KEY_INVALID', `Cannot read the key in "${path}": it was made and is gone`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await withFile({ path, flags: 'r' }, async (file) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_SIZE_BYTES), 0, READ_SIZE_BYTES, 0);
      return buffer.toString('latin1', 0, bytesRead);
    });
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw new EbpmError('EBPM_REGISTRY_KEY_INVALID', `Cannot read the key in "${path}": ${whyUnreadable(error)}`, {
      cause: error,
    });
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await withFile({ path, flags: 'wx', mode: 0o600 }, async (file) => {
    await file.writeFile(text);
    await file.sync();
  });
}

/** The link is what makes the key: it appears whole, or another one was there before. */
async function linkUnlessThere(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await withFile({ path: dirname(to), flags: 'r' }, (directory) => directory.sync());
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}
