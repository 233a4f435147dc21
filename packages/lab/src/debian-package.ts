import { readdir } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';
import { findTools } from './host-tools.js';
import { KERNELS, type KernelRow, type KernelVersion } from './kernels.js';
import { runTool, ToolFailure } from './run-tool.js';

/** A Debian package at one version. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Asks apt which package holds the newest kernel of a series.
 * @throws EBPM_LAB_KERNEL_UNAVAILABLE; EBPM_LAB_TOOL_MISSING
 */
export async function findKernelPackage(
  kernel: KernelVersion,
  signal?: AbortSignal,
  row: KernelRow = KERNELS[kernel],
): Promise<DebianPackage> {
  const { 'apt-cache': aptCache } = await findTools(['apt-cache']);
  const { metaPackage, imagePrefix } = row;
  const record = await runTool(aptCache, ['show', '--no-all-versions', metaPackage], { signal }).catch((error) => {
    if (error instanceof ToolFailure) throw unavailable(kernel, error.message, error);
    throw error;
  });
  const found = readKernelDependency(record, imagePrefix);
  if (found === undefined) throw unavailable(kernel, `"${metaPackage}" depends on no "${imagePrefix}..." package`);
  return found;
}

/**
 * Reads the kernel that a meta package depends on out of its record, as `apt-cache show` prints it:
 * `Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)` (deb-control(5)). Gives undefined when there is none whose name
 * starts with `prefix` and whose version is exact.
 */
export function readKernelDependency(record: string, prefix: string): DebianPackage | undefined {
  const depends = /^Depends: (.*)$/m.exec(record)?.[1] ?? '';
  for (const dependency of depends.split(',')) {
    // The letters of names and versions: Debian policy 5.6.1 and 5.6.12.
    const match = /^\s*([a-z0-9][a-z0-9.+-]+) \(= ([A-Za-z0-9.+~:-]+)\)\s*$/.exec(dependency);
    const [, name, version] = match ?? [];
    if (name?.startsWith(prefix) && version !== undefined) return { name, version };
  }
  return undefined;
}

/**
 * Downloads a package into a directory and unpacks it to `target`. Nothing is installed. apt checks the package against the
 * hash in the signed index, and refuses what is not signed. As root it leaves its own sandbox when its user `_apt` cannot write to
 * the directory, and says so on stderr: that is no failure.
 * @throws EBPM_LAB_FETCH_FAILED; EBPM_LAB_TOOL_MISSING
 */
export async function fetchPackage(options: {
  readonly package: DebianPackage;
  /** An empty directory for the download. */
  readonly directory: string;
  readonly target: string;
  readonly onUnpack: () => void;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { directory, target, signal } = options;
  const tools = await findTools(['apt-get', 'dpkg-deb']);
  const spec = `${options.package.name}=${options.package.version}`;
  try {
    await runTool(tools['apt-get'], ['download', '--quiet', spec], { cwd: directory, signal });
    const [archive] = await readdir(directory);
    if (archive === undefined) throw new ToolFailure('apt-get left no file');
    options.onUnpack();
    await runTool(tools['dpkg-deb'], ['--extract', archive, target], { cwd: directory, signal });
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    throw new EbpmError('EBPM_LAB_FETCH_FAILED', `Cannot fetch Debian package "${spec}": ${error.message}`, {
      cause: error,
      hint: 'sudo apt-get update',
    });
  }
}

function unavailable(kernel: KernelVersion, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_LAB_KERNEL_UNAVAILABLE', `Cannot find kernel ${kernel} in apt's index: ${reason}`, {
    cause,
    hint: 'sudo apt-get update (Debian 12 offers it in bookworm-security)',
  });
}
