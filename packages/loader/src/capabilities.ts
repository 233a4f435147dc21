import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Capabilities that decide what of eBPF a process may use, and what it may give up, by number.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/capability.h
 */
const NUMBERS = {
  CAP_DAC_OVERRIDE: 1n,
  CAP_DAC_READ_SEARCH: 2n,
  CAP_SETGID: 6n,
  CAP_SETUID: 7n,
  CAP_NET_ADMIN: 12n,
  CAP_NET_RAW: 13n,
  CAP_SYS_PTRACE: 19n,
  CAP_SYS_ADMIN: 21n,
  CAP_SYS_RESOURCE: 24n,
  CAP_PERFMON: 38n,
  CAP_BPF: 39n,
} as const;

export type Capability = keyof typeof NUMBERS;

/** The kernel's number of a capability. */
export function capabilityNumber(name: Capability): number {
  return Number(NUMBERS[name]);
}

/** The capabilities of this thread that matter to eBPF. */
export function effectiveCapabilities(): ReadonlySet<Capability> {
  return readCapabilities(readFileSync('/proc/thread-self/status', 'utf8'));
}

/**
 * Those of this thread that count for bpf(2): inside a user namespace none does, however many are shown there.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/token.c (bpf_token_capable)
 */
export function kernelCapabilities(): ReadonlySet<Capability> {
  const held = effectiveCapabilities();
  if (!inUserNamespace()) return held;
  return new Set([...held].filter((name) => name !== 'CAP_SYS_ADMIN' && !PARTS_OF_SYS_ADMIN.has(name)));
}

/** Whether this process is in a user namespace other than the first, whose number is the same on every kernel. */
export function inUserNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/user') !== FIRST_USER_NAMESPACE;
  } catch (error) {
    // A kernel without user namespaces.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** @see https://github.com/torvalds/linux/blob/v6.12/include/linux/proc_ns.h (PROC_USER_INIT_INO) */
const FIRST_USER_NAMESPACE = `user:[${0xeffffffd}]`;

/** The effective ones of a `status` file as proc(5) describes it. */
export function readCapabilities(status: string): ReadonlySet<Capability> {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const names = Object.keys(NUMBERS) as Capability[];
  return new Set(names.filter((name) => (mask >> NUMBERS[name]) % 2n === 1n));
}

/** What CAP_SYS_ADMIN stands for, as it did before Linux 5.8 had these. */
const PARTS_OF_SYS_ADMIN: ReadonlySet<Capability> = new Set(['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN']);

/**
 * Those of the needed capabilities that a process lacks.
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function missingOf(needed: readonly Capability[], held: ReadonlySet<Capability>): readonly Capability[] {
  const isAdmin = held.has('CAP_SYS_ADMIN');
  return needed.filter((name) => !held.has(name) && !(isAdmin && PARTS_OF_SYS_ADMIN.has(name)));
}

/** The flags that give a container these, as Docker and Podman take them. */
export function capAddFlags(names: readonly Capability[]): string {
  return names.map((name) => `--cap-add ${name.slice('CAP_'.length)}`).join(' ');
}

/** What a process lacks to load programs of any type; empty when it lacks nothing. */
export function missingForBpf(held: ReadonlySet<Capability>): readonly Capability[] {
  return missingOf(['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'], held);
}
