import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { Capability } from './capabilities.js';

/**
 * What each feature of a run needs once everything is attached. What is empty needs nothing: it works by descriptors that were
 * opened before. Capabilities are kept by a helper process, never by the one that prints.
 */
export const AFTER_ATTACH = {
  /** The buffers are mapped memory. */
  'read events': [],
  /** By descriptor. Linux before 5.19 refuses even that to unprivileged processes: see `bpfNeedsPrivilege`. */
  'read maps': [],
  /** Closing the last descriptor detaches. */
  'detach links': [],
  /** The counts of a program by its descriptor; turning them on (BPF_ENABLE_STATS) happens before. */
  'read statistics': [],
  /** /proc/kallsyms is read before. */
  'kernel symbols': [],
  /** The pipe of the tracefs instance is opened before. */
  'read trace lines': [],
  /** Removes the filters of classic tc, for which there is no link, the records of what has none, and tracefs instances. */
  'remove remains': ['CAP_NET_ADMIN', 'CAP_DAC_OVERRIDE'],
  /** Reads /proc/PID/maps, and the files that a process runs code from, of other users' processes. */
  'user symbols': ['CAP_SYS_PTRACE', 'CAP_DAC_READ_SEARCH'],
} as const satisfies Readonly<Record<string, readonly Capability[]>>;

/**
 * Whether this kernel refuses every bpf(2) to unprivileged processes, also on descriptors that they have. From 5.19 on the switch
 * only forbids making maps and programs.
 * @see https://github.com/torvalds/linux/commit/c8644cd0efe7
 */
export function bpfNeedsPrivilege(kernel = release(), isForbidden = unprivilegedBpfIsForbidden()): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(Number);
  return isForbidden && (major < 5 || (major === 5 && minor < 19));
}

function unprivilegedBpfIsForbidden(): boolean {
  try {
    return readFileSync('/proc/sys/kernel/unprivileged_bpf_disabled', 'utf8').trim() !== '0';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
