import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTrustedFile, writeTrustedFile } from './trusted-files.js';

const BTF_FOLDER = '/sys/kernel/btf';
const VMLINUX = join(BTF_FOLDER, 'vmlinux');
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** The kernel's own BTF, whole. */
export function readKernelBtf(): Uint8Array {
  return readFileSync(VMLINUX);
}

/** Whether a module has BTF beside the kernel's. */
export function hasModuleBtf(): boolean {
  return readdirSync(BTF_FOLDER).some((name) => name !== 'vmlinux');
}

/**
 * The SHA-256 of the kernel's BTF, in hex, as this boot's first run wrote it down: to hash 5 MB would take longer than all
 * the rest. It cannot change until the next boot, which has another id. Undefined when it has not been written down.
 */
export function kernelBtfDigest(folder: string): string | undefined {
  const note = readTrustedFile(notePath(folder), NOTE_BYTES);
  const [boot, size, digest] = note?.toString('latin1').split('\n') ?? [];
  if (boot === undefined || digest === undefined || !/^[0-9a-f]{64}$/.test(digest)) return undefined;
  const identity = thisBoot();
  return boot === identity?.boot && size === identity.size ? digest : undefined;
}

/** Writes the digest down for the rest of this boot. */
export function rememberKernelBtf(folder: string, digest: string): void {
  const identity = thisBoot();
  if (identity === undefined) return;
  writeTrustedFile(notePath(folder), Buffer.from(`${identity.boot}\n${identity.size}\n${digest}\n`, 'latin1'));
}

const NOTE_BYTES = 256;

function notePath(folder: string): string {
  return join(folder, 'this-boot');
}

/** Undefined on a kernel without BTF. */
function thisBoot(): { readonly boot: string; readonly size: string } | undefined {
  const size = statSync(VMLINUX, { throwIfNoEntry: false })?.size;
  return size === undefined ? undefined : { boot: readFileSync(BOOT_ID, 'latin1').trim(), size: String(size) };
}
