import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { commandScript } from './command-script.js';
import { cpioArchive } from './cpio.js';
import { GUEST_LAB } from './guest-init.js';
import { guestSystem } from './guest-system.js';
import { type GuestTree, putEntry, putText } from './guest-tree.js';
import { hostFiles } from './host-files.js';
import type { LabOptions } from './lab-options.js';
import type { PreparedKernel } from './prepare-kernel.js';

/** What a guest's first file system is made of. */
export interface InitramfsOptions {
  readonly lab: LabOptions;
  readonly kernel: PreparedKernel;
  /** The bytes that end stdout and stderr. */
  readonly trailer: string;
}

/**
 * Writes the guest's first file system into a file that has no name any more, so that nothing can be left behind.
 *
 * It is put together for each run, without a cached base: copying such a base would cost as much as reading node and its libraries
 * again (50 ms for 107 MB, both from the page cache), and so there is no cache that can grow or go stale.
 * @throws EBPM_LAB_TOOL_MISSING, EBPM_LAB_FILE_UNREADABLE, EBPM_LAB_FILES_TOO_LARGE; the signal's reason when aborted
 */
export async function openInitramfs(options: InitramfsOptions): Promise<FileHandle> {
  const tree = await guestTree(options);
  const file = await openNameless(options.lab.cacheDir);
  try {
    for await (const piece of cpioArchive(tree)) {
      options.lab.signal?.throwIfAborted();
      await file.writeFile(piece);
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function guestTree({ lab, kernel, trailer }: InitramfsOptions): Promise<GuestTree> {
  const own = await hostFiles(lab.files ?? {});
  const needy =
    lab.libraries === 'none'
      ? []
      : [...own.values()].flatMap((entry) => (entry.kind === 'file' ? [entry.content] : []));
  const tree = await guestSystem({ kernel, needy, node: lab.node ?? true, signal: lab.signal });
  putText(tree, GUEST_LAB.command, commandScript(lab.command, lab.env ?? {}));
  putText(tree, GUEST_LAB.trailer, trailer);
  putText(tree, GUEST_LAB.results, (lab.results ?? []).map((path) => `${path}\n`).join(''));
  for (const [path, entry] of own) {
    // The caller's files win over the system's; folders that are there already stay as they are.
    if (entry.kind !== 'directory' || !tree.has(path)) putEntry(tree, path, entry);
  }
  return tree;
}

/** Mode 0644, since QEMU, which runs as another user when we are root, opens it once more through /dev/fd. */
async function openNameless(directory: string): Promise<FileHandle> {
  const path = join(directory, `initramfs-${randomBytes(8).toString('hex')}`);
  const file = await open(path, 'wx', 0o644);
  await unlink(path);
  return file;
}
