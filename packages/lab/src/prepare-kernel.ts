import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { ensureCacheDirectory } from './cache-directory.js';
import { cached } from './cached.js';
import { fetchPackage, findKernelPackage } from './debian-package.js';
import { KERNEL_VERSIONS, KERNELS, type KernelVersion } from './kernels.js';
import type { LabProgress } from './lab-progress.js';

/** Where kernels are kept, and who is told. */
export interface PrepareKernelOptions {
  /** The lab's cache directory; made when missing. A kernel stays in it until its folder is deleted. */
  readonly cacheDir: string;
  readonly onProgress?: ((progress: LabProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A kernel in the cache. */
export interface PreparedKernel {
  readonly version: KernelVersion;
  /** What `uname -r` says in it. */
  readonly release: string;
  /** Path of the compressed kernel. */
  readonly imagePath: string;
  /** Path of its configuration. */
  readonly configPath: string;
  /** Paths of the modules that init loads, in this order. */
  readonly modulePaths: readonly string[];
}

/**
 * Gives a kernel from the cache, fetched through apt when it is not there (about 30 MB). All its modules are kept with it.
 * @throws EBPM_LAB_CACHE_UNWRITABLE, EBPM_LAB_KERNEL_UNAVAILABLE, EBPM_LAB_FETCH_FAILED, EBPM_LAB_TOOL_MISSING; the signal's
 *   reason when aborted
 */
export async function prepareKernel(version: KernelVersion, options: PrepareKernelOptions): Promise<PreparedKernel> {
  const { cacheDir, onProgress, signal } = options;
  await ensureCacheDirectory(cacheDir);
  const onMissing = (): void => onProgress?.({ phase: 'preparing', kernel: version });
  const name = join('kernels', version);
  const directory = await cached({ cacheDir, name, onMissing, signal }, async (partial) => {
    const kernelPackage = await findKernelPackage(version, signal);
    const download = join(partial, 'download');
    const unpacked = join(partial, 'unpacked');
    await mkdir(download, { recursive: true });
    onProgress?.({ phase: 'fetching', kernel: version, package: kernelPackage.name });
    const onUnpack = (): void => onProgress?.({ phase: 'unpacking', kernel: version, package: kernelPackage.name });
    await fetchPackage({ package: kernelPackage, directory: download, target: unpacked, onUnpack, signal });
    await rm(download, { recursive: true });
    await keepKernel(unpacked, partial);
    await syncKernel(await readKernel(version, partial));
  });
  return readKernel(version, directory);
}

/**
 * Fetches all kernels of the lab that are not in the cache yet, one after another.
 * @throws what prepareKernel() throws
 */
export async function fetchKernels(options: PrepareKernelOptions): Promise<readonly PreparedKernel[]> {
  const kernels: PreparedKernel[] = [];
  for (const version of KERNEL_VERSIONS) kernels.push(await prepareKernel(version, options));
  return kernels;
}

/** Moves what a lab can use out of an unpacked package, and drops the rest. */
async function keepKernel(unpacked: string, directory: string): Promise<void> {
  await rename(join(unpacked, 'boot'), join(directory, 'boot'));
  // Debian 12 has the modules in /lib, later releases in /usr/lib.
  const modules = join('lib', 'modules');
  await rename(join(unpacked, modules), join(directory, 'modules')).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    return rename(join(unpacked, 'usr', modules), join(directory, 'modules'));
  });
  await rm(unpacked, { recursive: true });
}

/** Describes the kernel in a folder of the cache. */
async function readKernel(version: KernelVersion, directory: string): Promise<PreparedKernel> {
  const boot = await readdir(join(directory, 'boot'));
  const image = boot.find((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) {
    const reason = `${JSON.stringify(directory)} has no vmlinuz`;
    const hint = `rm -r ${directory}`;
    throw new EbpmError('EBPM_LAB_FETCH_FAILED', `Cannot boot kernel ${version}: ${reason}`, { hint });
  }
  const release = image.slice('vmlinuz-'.length);
  return {
    version,
    release,
    imagePath: join(directory, 'boot', image),
    configPath: join(directory, 'boot', `config-${release}`),
    modulePaths: KERNELS[version].modules.map((path) => join(directory, 'modules', release, 'kernel', path)),
  };
}

/** Brings to disk what a guest is made of, and so proves that it is there. */
async function syncKernel(kernel: PreparedKernel): Promise<void> {
  for (const path of [kernel.imagePath, kernel.configPath, ...kernel.modulePaths]) {
    const file = await open(path);
    await file.sync().finally(() => file.close());
  }
}
