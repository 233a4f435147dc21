import { existsSync, readFileSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { type LinkKind, loadBinding } from '../binding.js';

/** Something that a kernel has or lacks, and how it is asked. */
export interface KernelFeature {
  readonly name: string;
  /** The oldest upstream kernel that has it. */
  readonly minimumKernel: string;
  /** Undefined where it cannot be told. */
  readonly probe: () => FeatureAnswer | undefined;
}

export interface FeatureAnswer {
  readonly supported: boolean;
  /** What was asked and answered, for people. */
  readonly proof: string;
}

/** The features that the program types need and kernels lack. Version numbers are upstream's, and only told, never asked. */
export const KERNEL_FEATURES = {
  kprobeMulti: linkFeature('kprobe.multi (CONFIG_FPROBE)', '5.18', 'kprobe_multi'),
  uprobeMulti: linkFeature('uprobe.multi', '6.6', 'uprobe_multi'),
  tcx: linkFeature('tcx', '6.6', 'tcx'),
  netfilter: linkFeature('netfilter programs (CONFIG_NETFILTER_BPF_LINK)', '6.4', 'netfilter'),
  cgroupUnix: linkFeature('programs for the addresses of Unix sockets', '6.7', 'cgroup_unix'),
  structOpsLink: linkFeature('struct_ops links', '6.4', 'struct_ops'),
  bpfLsm: { name: 'LSM programs (lsm=...,bpf at boot)', minimumKernel: '5.7', probe: probeBpfLsm },
} as const satisfies Readonly<Record<string, KernelFeature>>;

function linkFeature(name: string, minimumKernel: string, kind: LinkKind): KernelFeature {
  return {
    name,
    minimumKernel,
    probe: () => {
      const { supported, errno } = loadBinding().probeLink(kind);
      const said = errno === 0 ? 'success' : errnoName(errno);
      return { supported, proof: `a trial link of kind ${kind} was answered with ${said}` };
    },
  };
}

/** The list of active modules of securityfs. A program of an inactive LSM attaches and never runs. */
const ACTIVE_LSMS = '/sys/kernel/security/lsm';

function probeBpfLsm(): FeatureAnswer | undefined {
  if (!existsSync(ACTIVE_LSMS)) return undefined;
  const active = readFileSync(ACTIVE_LSMS, 'utf8').trim();
  return { supported: active.split(',').includes('bpf'), proof: `${ACTIVE_LSMS} reads "${active}"` };
}

/** The kernel's own ENOTSUPP is in no table of user space. */
function errnoName(errno: number): string {
  return errno === 524 ? 'ENOTSUPP' : (getSystemErrorMap().get(-errno)?.[0] ?? `errno ${errno}`);
}
