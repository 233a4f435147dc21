import { capAddFlags, missingForBpf } from '@ebpm/loader';
import type { Machine } from './machine.js';

/** What the machine is good for, and the exit code of `ebpm doctor` for it, as those of `ebpm check`. */
export const CONDITIONS = { READY: 0, LIMITED: 3, 'NOT READY': 4 } as const;

export type Condition = keyof typeof CONDITIONS;

/** One thing that was looked at. */
export interface Symptom {
  /** What it is about: `kernel BTF`. */
  readonly subject: string;
  /** Who needs it: every run, some kinds of programs, or only who writes them. */
  readonly neededBy: 'all' | 'some' | 'authors';
  readonly outcome: 'ok' | 'missing' | 'unknown';
  /** What was found, without a full stop. */
  readonly found: string;
  /** How to get it. */
  readonly cure?: string;
}

/** What a machine lacks for eBPF. */
export interface Diagnosis {
  readonly condition: Condition;
  readonly kernel: string;
  readonly symptoms: readonly Symptom[];
}

/** Says what a machine lacks for eBPF in general, and how to get it. */
export function diagnose(machine: Machine): Diagnosis {
  const symptoms = LOOKS.map((look) => look(machine));
  return { condition: conditionOf(symptoms), kernel: machine.kernel, symptoms };
}

/** What only authors need does not count. */
function conditionOf(symptoms: readonly Symptom[]): Condition {
  const lacking = symptoms.filter(({ outcome }) => outcome === 'missing').map(({ neededBy }) => neededBy);
  if (lacking.includes('all')) return 'NOT READY';
  return lacking.includes('some') ? 'LIMITED' : 'READY';
}

type Look = (machine: Machine) => Symptom;

/** In the order in which they are shown. */
const LOOKS: readonly Look[] = [
  ({ libbpf, addonFailure }) =>
    is('native addon', 'all', libbpf !== undefined, `libbpf ${libbpf}`, addonFailure ?? 'it does not load'),
  ({ capabilities, inUserNamespace }) => {
    const missing = missingForBpf(capabilities);
    const where = inUserNamespace ? ', as in any user namespace' : '';
    const cure = `Put sudo before ebpm; a container: ${capAddFlags(missing)}`;
    const lacks = `this process lacks ${missing.join(', ')}${where}`;
    return is('privilege', 'all', missing.length === 0, 'CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN', lacks, cure);
  },
  ({ loadsPrograms }) =>
    is(
      'bpf(2)',
      'all',
      loadsPrograms,
      'a trial program loads',
      'a trial program is refused',
      'Use a kernel with CONFIG_BPF_SYSCALL, outside of containers that forbid it (seccomp)',
    ),
  ({ kernelBtf }) =>
    is(
      'kernel BTF',
      'all',
      kernelBtf,
      '/sys/kernel/btf/vmlinux',
      'this kernel has none',
      'Use a kernel with CONFIG_DEBUG_INFO_BTF, or name its BTF file in BTF_FILE_PATH',
    ),
  ({ settings, config }) => {
    const text = settings.get('net.core.bpf_jit_enable');
    const isAlwaysOn = config?.get('CONFIG_BPF_JIT_ALWAYS_ON') === 'y';
    const isOn = isAlwaysOn || (text === undefined ? undefined : text !== '0');
    return is('compiler (JIT)', 'some', isOn, 'on', 'off: slower', 'sysctl net.core.bpf_jit_enable=1');
  },
  ({ tracing }) =>
    is(
      'tracefs',
      'some',
      tracing.tracefs,
      'mounted',
      'not mounted, or not for this user: no tracepoints',
      'mount -t tracefs tracefs /sys/kernel/tracing, as root',
    ),
  ({ tracing }) =>
    is('kprobes', 'some', tracing.kprobes, 'there', 'this kernel has none', 'Use a kernel with CONFIG_KPROBE_EVENTS'),
  ({ tracing }) =>
    is('uprobes', 'some', tracing.uprobes, 'there', 'this kernel has none', 'Use a kernel with CONFIG_UPROBE_EVENTS'),
  ({ ringBuffer }) => is('ring buffer', 'some', ringBuffer, 'there', 'this kernel has none', 'Use Linux 5.8 or newer'),
  ({ lsms }) =>
    is(
      'BPF LSM',
      'some',
      lsms?.includes('bpf'),
      'active',
      `not among the active modules (${lsms?.join(',')})`,
      'Boot with lsm=...,bpf, as /sys/kernel/security/lsm reads, and a kernel with CONFIG_BPF_LSM',
    ),
  ({ lockdown }) =>
    is(
      'lockdown',
      'some',
      lockdown === undefined ? undefined : lockdown === 'none',
      'none',
      `${lockdown}: helpers that write user memory${lockdown === 'integrity' ? '' : ' or read kernel memory'} are forbidden`,
      'Boot without lockdown=, with Secure Boot off',
    ),
  ({ mounted }) =>
    is('bpffs', 'some', mounted.has('bpf'), 'mounted', 'not mounted: no pinned maps', 'mount -t bpf bpf /sys/fs/bpf'),
  ({ mounted }) =>
    is(
      'cgroup v2',
      'some',
      mounted.has('cgroup2'),
      'mounted',
      'not mounted: no programs of cgroups',
      'mount -t cgroup2 cgroup2 /sys/fs/cgroup, or boot with systemd.unified_cgroup_hierarchy=1',
    ),
  ({ memlockCounts, memlockBytes, capabilities }) => {
    const isFree = memlockBytes === undefined || capabilities.has('CAP_SYS_RESOURCE');
    const isFine = memlockCounts === undefined ? undefined : !memlockCounts || isFree;
    const lacks = `this kernel counts maps, and this process may lock ${memlockBytes} bytes`;
    const found = memlockCounts ? 'no limit' : 'this kernel does not count maps against it';
    return is('locked memory', 'some', isFine, found, lacks, 'ulimit -l unlimited');
  },
  ({ settings }) => {
    const text = settings.get('kernel.unprivileged_bpf_disabled');
    const found = text === '0' ? 'allowed: any user may load some programs' : `not allowed (${text})`;
    const subject = 'unprivileged eBPF';
    if (text === undefined) return { subject, neededBy: 'some', outcome: 'unknown', found: 'it cannot be looked at' };
    return { subject, neededBy: 'some', outcome: 'ok', found };
  },
  ({ config }) => {
    const off = config === undefined ? [] : OPTIONS.filter((name) => !config.has(name));
    const cure = 'Use a kernel that was built with them';
    const isThere = config === undefined ? undefined : off.length === 0;
    return is('configuration', 'some', isThere, 'all options that matter', `without ${off.join(', ')}`, cure);
  },
  ({ hasProgram }) =>
    is('clang', 'authors', hasProgram('clang'), 'there', 'not in PATH: no ebpm build', 'apt-get install clang llvm'),
  ({ hasProgram }) =>
    is('llvm-strip', 'authors', hasProgram('llvm-strip'), 'there', 'not in PATH', 'apt-get install llvm'),
  ({ hasProgram }) =>
    is(
      'bpftool',
      'authors',
      hasProgram('bpftool'),
      'there',
      'not in PATH: no look at what is loaded',
      'apt-get install bpftool',
    ),
];

/** Without these some kinds of programs cannot be loaded or attached. */
const OPTIONS: readonly string[] = [
  'CONFIG_BPF_SYSCALL',
  'CONFIG_BPF_JIT',
  'CONFIG_BPF_EVENTS',
  'CONFIG_BPF_LSM',
  'CONFIG_CGROUP_BPF',
  'CONFIG_DEBUG_INFO_BTF',
  'CONFIG_FTRACE_SYSCALLS',
  'CONFIG_FUNCTION_TRACER',
  'CONFIG_KPROBE_EVENTS',
  'CONFIG_NET_CLS_ACT',
  'CONFIG_NET_CLS_BPF',
  'CONFIG_UPROBE_EVENTS',
  'CONFIG_XDP_SOCKETS',
];

function is(
  subject: string,
  neededBy: Symptom['neededBy'],
  isThere: boolean | undefined,
  found: string,
  lacking: string,
  cure?: string,
): Symptom {
  const about = { subject, neededBy } as const;
  if (isThere === undefined) return { ...about, outcome: 'unknown', found: 'it cannot be looked at' };
  if (isThere) return { ...about, outcome: 'ok', found };
  return { ...about, outcome: 'missing', found: lacking, ...(cure !== undefined && { cure }) };
}
