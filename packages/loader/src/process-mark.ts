import { readFileSync } from 'node:fs';

/** A process, so that no other is ever taken for it. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in the kernel's ticks since boot: another process may get its number. */
  readonly startTicks: string;
  readonly bootId: string;
}

/** Of this process. */
export function processMark(): ProcessMark {
  return { pid: process.pid, startTicks: startTicks(process.pid) ?? '', bootId: bootId() };
}

/** Whether that very process still runs. */
export function isAlive({ pid, startTicks: since, bootId: boot }: ProcessMark): boolean {
  return boot === bootId() && startTicks(pid) === since;
}

/** The kernel makes one at each boot. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * When a process started, in the kernel's ticks since boot: field 22 of proc_pid_stat(5), counted behind the name in brackets, which may
 * hold anything; undefined when there is no process, or one that has ended and that nobody has asked about yet.
 */
export function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
