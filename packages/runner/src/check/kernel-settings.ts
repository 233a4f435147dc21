import { readFileSync } from 'node:fs';
import { arch, release, version } from 'node:os';

/** Where Ubuntu says which upstream version its kernel is of. */
const UBUNTU_SIGNATURE = '/proc/version_signature';

/** LINUX_KERNEL_VERSION of this kernel. */
export function kernelVersionSetting(): bigint | undefined {
  return versionCode({ release: release(), version: version(), signature: signature() });
}

/**
 * What the functions of system calls start with here, where they have wrappers.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (arch_specific_syscall_pfx)
 */
export const SYSTEM_CALL_PREFIX = arch() === 'arm64' ? '__arm64_sys_' : '__x64_sys_';

/**
 * LINUX_KERNEL_VERSION as libbpf finds it: distributions name the upstream version elsewhere than in the release.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf_probes.c (get_kernel_version)
 */
export function versionCode(names: {
  readonly release: string;
  readonly version: string;
  readonly signature: string | undefined;
}): bigint | undefined {
  const upstream =
    /^\S+ \S+ (\d+)\.(\d+)\.(\d+)/.exec(names.signature ?? '') ??
    /Debian (\d+)\.(\d+)\.(\d+)/.exec(names.version) ??
    /^(\d+)\.(\d+)\.(\d+)/.exec(names.release);
  if (upstream === null) return undefined;
  const [, major, minor, patch] = upstream.map(Number) as [number, number, number, number];
  return BigInt(major * 0x1_0000 + minor * 0x100 + Math.min(patch, 255));
}

function signature(): string | undefined {
  try {
    return readFileSync(UBUNTU_SIGNATURE, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
