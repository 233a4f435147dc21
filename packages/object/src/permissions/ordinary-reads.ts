/*
 * Reads that any tool for looking at a system does, so that being asked for them would teach people to say yes: fields of the kernel that CO-RE
 * relocations name, and names of files and arguments where a program is called at exec or open. The latter lie in a process's memory, as do its
 * keys. A program that is called at open reads what another one of the object has left in a map, too; so the exception ends where any program of
 * the object can be handed an address of something else.
 */
import type { ObjectFacts, ProgramFacts } from '@ebpm/formats';
import { targetName } from './target-table.js';

/** Helpers of which the facts say whether a CO-RE relocation names what they read. */
const READS: ReadonlySet<string> = new Set([
  'probe_read',
  'probe_read_str',
  'probe_read_kernel',
  'probe_read_kernel_str',
]);

/** Whether a helper's reads are told apart by relocations; those of others are not. */
export function isTypedRead(helper: string): boolean {
  return READS.has(helper);
}

/** Whether what a program reads of a process's memory is names of files and arguments, by where it and the others of its object are called. */
export function readsOnlyNames(program: ProgramFacts, { programs }: Pick<ObjectFacts, 'programs'>): boolean {
  return isAtExecOrOpen(program) && programs.every((other) => isAtExecOrOpen(other) || !getsAddresses(other));
}

/** System calls, and the functions of Linux 6.12's fs/exec.c and fs/open.c that have the same arguments. */
const EXEC_OR_OPEN =
  /^(do_|__do_|do_sys_|ksys_)?(execve|execveat|open|openat|openat2|creat)(_common)?$|^(do_filp_open|sched_process_exec)$/;

const TRACING: ReadonlySet<string> = new Set(['kprobe', 'tracepoint', 'raw_tracepoint', 'tracing']);

/** Programs of type kprobe that are attached to processes' code. */
const USER_CODE = /^\??(u(ret)?probe|usdt)/;

function isAtExecOrOpen({ type, section, target }: ProgramFacts): boolean {
  return target !== undefined && TRACING.has(type) && !USER_CODE.test(section) && EXEC_OR_OPEN.test(targetName(target));
}

/** Tracepoints that hand over the arguments of any system call. */
const SYSTEM_CALLS = /^(raw_)?syscalls\/|^sys_(enter|exit)$/;

/** Attach types of `tracing` whose programs get fields or kernel objects: none of them is a process's address but a system call's. */
const FIELDS_ONLY: ReadonlySet<string> = new Set(['trace_raw_tp', 'trace_iter']);

/** Whether what a program is called with can be, or lead to, an address in a process's memory: arguments of functions and registers can. */
function getsAddresses({ type, attachType = '', target = '' }: ProgramFacts): boolean {
  switch (type) {
    case 'kprobe':
    case 'lsm':
    case 'perf_event':
      return true;
    case 'tracing':
      return !FIELDS_ONLY.has(attachType) || SYSTEM_CALLS.test(target);
    case 'tracepoint':
    case 'raw_tracepoint':
    case 'raw_tracepoint_writable':
      return target === '' || SYSTEM_CALLS.test(target);
    default:
      return false;
  }
}
