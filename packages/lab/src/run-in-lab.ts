import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';
import { converse, type LabResult } from './converse.js';
import { openInitramfs } from './initramfs.js';
import { checkOptions, type LabOptions } from './lab-options.js';
import { type PreparedKernel, prepareKernel } from './prepare-kernel.js';
import { type Qemu, startQemu } from './qemu.js';

/** Random bytes of a trailer, written as hex: no output contains it by chance. */
const TRAILER_BYTES = 16;

/**
 * Boots a throwaway kernel, runs one command in it as root, and switches it off. Needs no privilege and leaves nothing behind but
 * the kernel in the cache.
 *
 * The guest has busybox, node (the one that runs this; or none) and bpftool, no disk and no network; proc, sysfs, devtmpfs, tracefs, debugfs,
 * bpffs and cgroup2 are mounted, HOME is /root. Its shell takes busybox's own programs before files of the same name: give a path
 * to run yours. When the command ends, what it started ends with it.
 * @throws EBPM_LAB_INPUT_INVALID, EBPM_LAB_HOST_UNSUPPORTED, EBPM_LAB_TOOL_MISSING, EBPM_LAB_CACHE_UNWRITABLE,
 *   EBPM_LAB_KERNEL_UNAVAILABLE,   EBPM_LAB_FETCH_FAILED, EBPM_LAB_FILE_UNREADABLE, EBPM_LAB_FILES_TOO_LARGE, EBPM_LAB_BOOT_TIMEOUT, EBPM_LAB_DEADLINE,
 *   EBPM_LAB_KERNEL_PANIC, EBPM_LAB_GUEST_ENDED, EBPM_LAB_QEMU_FAILED, EBPM_LAB_PROTOCOL; the signal's reason when aborted;
 *   what a callback throws
 */
export async function runInLab(options: LabOptions): Promise<LabResult> {
  checkOptions(options);
  checkHost(process.platform, process.arch);
  const kernel = await prepareKernel(options.kernel, options);
  const trailer = randomBytes(TRAILER_BYTES).toString('hex');
  const qemu = await boot(kernel, options, trailer);
  return converse(qemu, options, trailer).finally(() => qemu.close());
}

/**
 * Refuses hosts whose node and bpftool cannot run in the guest.
 * @throws EBPM_LAB_HOST_UNSUPPORTED
 */
export function checkHost(platform: string, architecture: string): void {
  if (platform === 'linux' && architecture === 'x64') return;
  throw new EbpmError(
    'EBPM_LAB_HOST_UNSUPPORTED',
    `Cannot use the lab on ${platform} ${architecture}: the guest runs this machine's own node, on x86-64 Linux`,
  );
}

/** Starts the machine; it has its own descriptors of the two files, so ours are closed again. */
async function boot(kernel: PreparedKernel, lab: LabOptions, trailer: string): Promise<Qemu> {
  const image = await open(kernel.imagePath);
  try {
    const initramfs = await openInitramfs({ lab, kernel, trailer });
    try {
      lab.signal?.throwIfAborted();
      return await startQemu(image.fd, initramfs.fd);
    } finally {
      await initramfs.close();
    }
  } finally {
    await image.close();
  }
}
