import { textAt } from './if-readable.js';

/** How far this kernel is locked down; undefined where securityfs does not show it. @see kernel_lockdown(7) */
export function lockdownMode(): string | undefined {
  return readLockdown(textAt('/sys/kernel/security/lockdown'));
}

/** The word in brackets: `none [integrity] confidentiality`. */
export function readLockdown(text: string | undefined): string | undefined {
  return /\[(\w+)\]/.exec(text ?? '')?.[1];
}

/** Bytes that this process may lock in memory; undefined where there is no limit. */
export function memlockLimit(): number | undefined {
  return readMemlock(textAt('/proc/self/limits') ?? '');
}

/** The soft limit of a `limits` file. @see proc_pid_limits(5) */
export function readMemlock(limits: string): number | undefined {
  const bytes = /^Max locked memory\s+(\d+)/m.exec(limits)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}
