import { EbpmError } from '@ebpm/formats';

/** A processor architecture that programs are built for, by Node's name for it. */
export type TargetArch = 'x64' | 'arm64';

/** What an architecture is called in a build. */
export interface ArchNames {
  /** Suffix of `__TARGET_ARCH_`, by which libbpf's bpf_tracing.h knows the registers. */
  readonly libbpf: string;
  /** Debian's multiarch directory under /usr/include, where asm/types.h lies. */
  readonly multiarch: string;
}

const ARCHES: Readonly<Record<TargetArch, ArchNames>> = {
  x64: { libbpf: 'x86', multiarch: 'x86_64-linux-gnu' },
  arm64: { libbpf: 'arm64', multiarch: 'aarch64-linux-gnu' },
};

/**
 * The names of an architecture, given by Node's name for it.
 * @throws EBPM_BUILD_ARCH
 */
export function archNames(arch: string): ArchNames {
  const known = Object.entries(ARCHES).find(([name]) => name === arch);
  if (known !== undefined) return known[1];
  throw new EbpmError(
    'EBPM_BUILD_ARCH',
    `Cannot build for the architecture "${arch}": wanted ${Object.keys(ARCHES).join(' or ')}`,
  );
}
