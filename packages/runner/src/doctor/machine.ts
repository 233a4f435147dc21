import type { Capability, TracingSupport } from '@ebpm/loader';
import type { KernelConfig } from '../check/kernel-config.js';

/** What of a machine decides about eBPF in general. What nobody can look at is undefined. */
export interface Machine {
  /** The kernel's release. */
  readonly kernel: string;
  /** The version of libbpf in use; undefined where the native addon does not load, for the reason beside it. */
  readonly libbpf: string | undefined;
  readonly addonFailure: string | undefined;
  readonly capabilities: ReadonlySet<Capability>;
  readonly inUserNamespace: boolean;
  /** Whether bpf(2) loads the smallest of programs. */
  readonly loadsPrograms: boolean | undefined;
  readonly kernelBtf: boolean;
  readonly tracing: TracingSupport;
  readonly ringBuffer: boolean | undefined;
  /** Before Linux 5.11 maps count against the limit on locked memory. */
  readonly memlockCounts: boolean | undefined;
  readonly memlockBytes: number | undefined;
  /** The security modules that are active. */
  readonly lsms: readonly string[] | undefined;
  readonly lockdown: string | undefined;
  /** Kinds of file systems that are mounted. */
  readonly mounted: ReadonlySet<string>;
  /** What stands in /proc/sys, by the name that sysctl has for it. */
  readonly settings: ReadonlyMap<string, string>;
  readonly config: KernelConfig | undefined;
  /** Whether a program is in PATH. */
  readonly hasProgram: (name: string) => boolean;
}
