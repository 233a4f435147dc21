/** What a program may see or do, as words for people; the keys are what `--allow` and `permission:` take. */
export const PERMISSION_CLASSES = {
  'reads-user-memory': 'reads the memory of processes',
  'reads-kernel-memory': "reads the kernel's memory",
  'sees-process-arguments': 'sees the arguments of processes',
  'sees-file-paths': 'sees names of files',
  'sees-network-addresses': 'sees network addresses',
  'sees-packet-payload': 'sees what packets carry',
  'changes-packets': 'changes packets',
  'drops-or-redirects-packets': 'drops or redirects packets',
  'overrides-return-values': 'overrides what the kernel or a function returns',
  'writes-user-memory': 'writes to the memory of processes',
  'sends-signals': 'sends signals to processes',
  'denies-operations': 'denies operations',
  'changes-scheduling': 'changes which process runs when and where',
  'loads-bpf': 'loads further eBPF programs',
  'outlives-exit': 'stays in the kernel when ebpm has ended',
} as const;

/** A class of permissions. */
export type PermissionClass = keyof typeof PERMISSION_CLASSES;

/** Whether a text names a class. */
export function isPermissionClass(text: string): text is PermissionClass {
  return Object.hasOwn(PERMISSION_CLASSES, text);
}

/**
 * The version of the tables that make classes of facts. It rises when a table gives a class to what had none, or takes one away: an
 * approval names it.
 */
export const PERMISSIONS_VERSION = 1;
