import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { cached } from './cached.js';
import type { KernelVersion } from './kernels.js';
import { type PrepareKernelOptions, prepareKernel } from './prepare-kernel.js';
import { runInLab } from './run-in-lab.js';

/** Where the kernel shows its own BTF (v6.1, https://github.com/torvalds/linux/blob/v6.1/kernel/bpf/sysfs_btf.c). */
const KERNEL_BTF = '/sys/kernel/btf/vmlinux';

/**
 * Gives the BTF of a kernel of the lab, as that kernel shows it: about 5 MB. It is read in the guest once and kept in the cache.
 * @throws what runInLab() throws
 */
export async function kernelBtf(version: KernelVersion, options: PrepareKernelOptions): Promise<Uint8Array> {
  const { cacheDir, signal } = options;
  const { release } = await prepareKernel(version, options);
  const path = await cached({ cacheDir, name: join('btf', `${release}.btf`), signal }, async (partial) => {
    const { results } = await runInLab({ ...options, kernel: version, command: ['true'], results: [KERNEL_BTF] });
    const btf = results[KERNEL_BTF];
    if (btf === undefined)
      throw new EbpmError('EBPM_LAB_PROTOCOL', `Cannot read the BTF of kernel ${version}: it shows none`);
    const file = await open(partial, 'wx');
    await file
      .writeFile(btf)
      .then(() => file.sync())
      .finally(() => file.close());
  });
  return readFile(path);
}
