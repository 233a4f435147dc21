import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { type GuestEntry, type GuestTree, putEntry } from './guest-tree.js';
import { MAX_FILES, MAX_FILES_BYTES, MAX_FOLDER_DEPTH } from './limits.js';

/** Bytes may be a script or a program, and a mode cannot be said with them. */
const BYTES_MODE = 0o755;

/** The most that the caller may put in; smaller in tests. */
export interface FileLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
  readonly maxDepth: number;
}

const LIMITS: FileLimits = { maxFiles: MAX_FILES, maxBytes: MAX_FILES_BYTES, maxDepth: MAX_FOLDER_DEPTH };

/**
 * Lists the caller's files as entries of the guest: bytes as they are, files and folders of the host with their modes, links followed.
 * @throws EBPM_LAB_FILE_UNREADABLE, EBPM_LAB_FILES_TOO_LARGE
 */
export async function hostFiles(
  files: Readonly<Record<string, Uint8Array | string>>,
  limits: FileLimits = LIMITS,
): Promise<GuestTree> {
  const tree: GuestTree = new Map();
  let sizeBytes = 0;

  const add = (guestPath: string, entry: GuestEntry): void => {
    sizeBytes += entry.kind === 'file' ? entryBytes(entry.content) : 0;
    putEntry(tree, guestPath, entry);
    if (tree.size > limits.maxFiles) throw tooLarge(guestPath, `at most ${limits.maxFiles} files are taken`);
    if (sizeBytes > limits.maxBytes) throw tooLarge(guestPath, `at most ${limits.maxBytes} bytes are taken`);
  };

  const addHost = async (guestPath: string, hostPath: string, depth: number): Promise<void> => {
    const found = await stat(hostPath).catch((cause) => {
      throw unreadable(hostPath, 'it does not exist or may not be read', cause);
    });
    const mode = found.mode & 0o7777;
    if (found.isFile()) {
      add(guestPath, { kind: 'file', mode, content: { hostPath: await realpath(hostPath), sizeBytes: found.size } });
    } else if (found.isDirectory()) {
      if (depth > limits.maxDepth) throw tooLarge(guestPath, `at most ${limits.maxDepth} folders may be nested`);
      add(guestPath, { kind: 'directory', mode });
      for (const name of (await readdir(hostPath)).sort()) {
        await addHost(`${guestPath}/${name}`, join(hostPath, name), depth + 1);
      }
    } else throw unreadable(hostPath, 'it is neither a file nor a folder');
  };

  for (const [guestPath, source] of Object.entries(files)) {
    if (typeof source === 'string') await addHost(guestPath, source, 0);
    else add(guestPath, { kind: 'file', mode: BYTES_MODE, content: source });
  }
  return tree;
}

function entryBytes(content: Uint8Array | { readonly sizeBytes: number }): number {
  return content instanceof Uint8Array ? content.length : content.sizeBytes;
}

function unreadable(path: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_LAB_FILE_UNREADABLE', `Cannot put ${JSON.stringify(path)} into the guest: ${reason}`, {
    cause,
  });
}

function tooLarge(path: string, reason: string): EbpmError {
  return new EbpmError('EBPM_LAB_FILES_TOO_LARGE', `Cannot put ${JSON.stringify(path)} into the guest: ${reason}`);
}
