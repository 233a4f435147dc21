/** An event as it must come: a field is a value, the workload's pid (`SELF`), or that of its child (`TARGET`). */
export type Expected = Readonly<Record<string, string | number | boolean>>;

/** What a tool is run on, and the events that must come of it, written down before anything runs. */
export interface Scenario {
  readonly tool: string;
  /** Arguments of the tool. */
  readonly args: readonly string[];
  /** Actions of the workload, see workload.c. */
  readonly plan: readonly string[];
  /** Every event of the workload, in order. */
  readonly expected: readonly Expected[];
  /** The field by which an event is told to be of the workload. */
  readonly ownerField: string;
  /** Arguments that leave out other processes, for a machine that is not ours alone. */
  readonly onlyMine: readonly string[];
  /** What has to be agreed to. */
  readonly allow?: string;
  /** What the kernel must have. */
  readonly needs?: 'kprobes';
}

const COMM = 'workload';
/** No process has this number: the kernel's largest is 4194304 (include/linux/threads.h, PID_MAX_LIMIT). */
const NOBODY = 4_194_305;
/** uapi/asm-generic/errno-base.h */
const ESRCH = -3;
const ENOENT = -2;
const EINVAL = -22;
/** uapi/asm-generic/signal.h */
const SIGUSR1 = 10;
const SIGUSR2 = 12;
/** uapi/asm-generic/fcntl.h */
const O_WRONLY = 0o1;
const O_CREAT = 0o100;
const O_CLOEXEC = 0o2000000;
/** The lowest descriptor that is free in the workload. */
const FD = 3;

const ROUNDS = 50;

function repeated<T>(items: readonly T[]): readonly T[] {
  return Array.from({ length: ROUNDS }, () => items).flat();
}

const sigsnoop: Scenario = {
  tool: 'sigsnoop',
  args: [],
  plan: repeated([
    `kill target ${SIGUSR1}`,
    'kill self 0',
    `tkill target ${SIGUSR2}`,
    `tgkill self ${SIGUSR1}`,
    `kill ${NOBODY} ${SIGUSR1}`,
    'kill self 9999',
  ]),
  expected: repeated([
    { pid: 'SELF', tpid: 'TARGET', sig: SIGUSR1, ret: 0, comm: COMM },
    { pid: 'SELF', tpid: 'SELF', sig: 0, ret: 0, comm: COMM },
    { pid: 'SELF', tpid: 'TARGET', sig: SIGUSR2, ret: 0, comm: COMM },
    { pid: 'SELF', tpid: 'SELF', sig: SIGUSR1, ret: 0, comm: COMM },
    { pid: 'SELF', tpid: NOBODY, sig: SIGUSR1, ret: ESRCH, comm: COMM },
    { pid: 'SELF', tpid: 'SELF', sig: 9999, ret: EINVAL, comm: COMM },
  ]),
  ownerField: 'pid',
  onlyMine: ['--filtered_pid', 'SELF'],
};

const sigsnoopFiltered: Scenario = {
  tool: 'sigsnoop',
  args: ['--target_signal', String(SIGUSR1), '--failed_only'],
  plan: sigsnoop.plan,
  expected: repeated([{ pid: 'SELF', tpid: NOBODY, sig: SIGUSR1, ret: ESRCH, comm: COMM }]),
  ownerField: 'pid',
  onlyMine: ['--filtered_pid', 'SELF'],
};

const opensnoop: Scenario = {
  tool: 'opensnoop',
  args: [],
  plan: repeated(['open 0 /etc/passwd', 'openat 524288 /', 'openat 0 /no/such/file', 'open 65 /tmp/new "file"\\']),
  expected: repeated([
    { pid: 'SELF', uid: 0, ret: FD, flags: 0, comm: COMM, fname: '/etc/passwd' },
    { pid: 'SELF', uid: 0, ret: FD, flags: O_CLOEXEC, comm: COMM, fname: '/' },
    { pid: 'SELF', uid: 0, ret: ENOENT, flags: 0, comm: COMM, fname: '/no/such/file' },
    { pid: 'SELF', uid: 0, ret: FD, flags: O_WRONLY | O_CREAT, comm: COMM, fname: '/tmp/new "file"\\' },
  ]),
  ownerField: 'pid',
  onlyMine: ['--pid_target', 'SELF'],
};

const unlinks: Scenario = {
  tool: 'unlinks',
  args: [],
  plan: repeated(['openat 65 /tmp/unlinked', 'unlink /tmp/unlinked', 'unlinkat /tmp/unlinked', 'unlink /no/such/file']),
  expected: repeated([
    { pid: 'SELF', ret: 0, comm: COMM, filename: '/tmp/unlinked' },
    { pid: 'SELF', ret: ENOENT, comm: COMM, filename: '/tmp/unlinked' },
    { pid: 'SELF', ret: ENOENT, comm: COMM, filename: '/no/such/file' },
  ]),
  ownerField: 'pid',
  onlyMine: ['--target_pid', 'SELF'],
  allow: 'reads-kernel-memory',
  needs: 'kprobes',
};

const bootstrap: Scenario = {
  tool: 'bootstrap',
  args: [],
  plan: repeated(['exec /bin/true x', 'exec /bin/false x', 'exec /no/such/program x']),
  expected: repeated([
    { ppid: 'SELF', exit_event: false, exit_code: 0, comm: 'true', filename: '/bin/true' },
    { ppid: 'SELF', exit_event: true, exit_code: 0, comm: 'true', filename: '' },
    { ppid: 'SELF', exit_event: false, exit_code: 0, comm: 'false', filename: '/bin/false' },
    { ppid: 'SELF', exit_event: true, exit_code: 1, comm: 'false', filename: '' },
    // A child whose exec fails starts no program, and still ends.
    { ppid: 'SELF', exit_event: true, exit_code: 127, comm: COMM, filename: '' },
  ]),
  ownerField: 'ppid',
  onlyMine: ['--parent_pid', 'SELF'],
};

/** Each example, and what its own flags filter. */
export const SCENARIOS: readonly Scenario[] = [sigsnoop, sigsnoopFiltered, opensnoop, unlinks, bootstrap];
