import { existsSync } from 'node:fs';
import { release } from 'node:os';

/** A kernel that the tests run on: one of lab's, or this machine's own. */
export interface Kernel {
  readonly name: string;
  /** lab's name for it; undefined for the host's own. */
  readonly version: '6.1' | '6.12' | undefined;
  /** Whether it has kprobes. */
  readonly kprobes: boolean;
}

const HOST_ALLOWS_BPF =
  process.getuid?.() === 0 && existsSync('/sys/kernel/btf/vmlinux') && existsSync('/sys/kernel/tracing/events');

/** Which of them, by lab's name; all, unless a vitest project wants one only. */
const ONLY = process.env['EBPM_TEST_KERNEL'];

/** Lab's kernels, and the host's own where it lets us load eBPF. */
export const KERNELS: readonly Kernel[] = allKernels().filter(({ version }) => ONLY === undefined || version === ONLY);

function allKernels(): readonly Kernel[] {
  return [
    { name: 'Linux 6.1', version: '6.1', kprobes: true },
    { name: 'Linux 6.12', version: '6.12', kprobes: true },
    ...(HOST_ALLOWS_BPF
      ? [
          {
            name: `this host (Linux ${release()})`,
            version: undefined,
            kprobes: existsSync('/sys/bus/event_source/devices/kprobe'),
          },
        ]
      : []),
  ];
}
