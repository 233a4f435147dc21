import type { ProgramFacts } from '@ebpm/formats';
import type { PermissionClass } from './permission-class.js';

/** Names of functions and system calls, as kprobes, ksyscalls and syscall tracepoints have them: without what architectures add. */
const EXEC = /^(do_|__do_|ksys_)?execve(at)?(_common|at_common)?$|^(begin_new_exec|bprm_execve|bprm_\w+|exec_binprm)$/;
const FILES =
  /^(do_|vfs_|__|ksys_)?(sys_)?(open|openat|openat2|creat|unlink|unlinkat|rename|renameat|renameat2|mkdir|mkdirat|rmdir|link|linkat|symlink|symlinkat|stat|lstat|statx|newstat|newlstat|newfstatat|fstatat|access|faccessat|faccessat2|readlink|readlinkat|chmod|fchmodat|chown|fchownat|truncate|mknod|mknodat|mount|umount|chdir|chroot|sys_openat2|filp_open)$|^(path_\w+|inode_(create|link|unlink|symlink|mkdir|rmdir|mknod|rename|readlink)|file_open|sb_mount|do_filp_open|sched_process_exec)$/;
const ADDRESSES =
  /^(tcp|udp|inet|inet6|ip|ip6|ipv6|sock|socket)_\w+$|^(sys_)?(connect|accept|accept4|bind|sendto|recvfrom|sendmsg|recvmsg|getpeername|getsockname)$|^inet_sock_set_state$/;

/**
 * The classes that attaching to a target means. A target says what a program is told: the function's arguments, the tracepoint's fields.
 * Reading them is not proved by it, so that this is the least that is to be expected of somebody who attaches there.
 */
export function targetClasses({
  type,
  section,
  target,
}: Pick<ProgramFacts, 'type' | 'section' | 'target'>): readonly PermissionClass[] {
  if (target === undefined || !TRACING.has(type) || RETURNS.test(section)) return [];
  const name = targetName(target);
  return [
    ...(EXEC.test(name) || name === ANY_SYSCALL ? (['sees-process-arguments'] as const) : []),
    ...(FILES.test(name) || EXEC.test(name) || name === ANY_SYSCALL ? (['sees-file-paths'] as const) : []),
    ...(ADDRESSES.test(name) || name === ANY_SYSCALL ? (['sees-network-addresses'] as const) : []),
  ];
}

const TRACING: ReadonlySet<string> = new Set([
  'kprobe',
  'tracepoint',
  'raw_tracepoint',
  'raw_tracepoint_writable',
  'tracing',
  'lsm',
]);

/** Where only a result is told. */
const RETURNS = /^\??(kret|uret|(tp|tracepoint)\/syscalls\/sys_exit_)/;

/** The raw tracepoint that every system call passes with all its arguments. */
const ANY_SYSCALL = 'sys_enter';

/** What a target is about: `execve` of `syscalls/sys_enter_execve` and of `__x64_sys_execve`. */
export function targetName(target: string): string {
  const [last = ''] = target.split('/').slice(-1);
  const name = last.replace(/\+.*$/, '');
  if (name === ANY_SYSCALL) return name;
  return name.replace(/^(__(x64|ia32|arm64|s390x)_)?sys_(enter_|exit_)?/, '');
}
