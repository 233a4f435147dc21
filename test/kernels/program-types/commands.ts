import type { RunFlags } from '../../../packages/cli/src/run-package.js';

/** A run in the lab, what is done meanwhile, and what must come of it. */
export interface Command {
  readonly name: string;
  readonly flags: Partial<RunFlags>;
  /** The package. */
  readonly spec: string;
  /** The program's own. */
  readonly args?: readonly string[];
  /** A command for the shell, once the programs are attached; without one the run ends by itself. */
  readonly trigger?: string;
  /** What the trigger prints. */
  readonly prints?: string;
  /** Texts that must be in what is printed, stdout and stderr. */
  readonly shows: readonly string[];
  readonly code: number;
}

const INTERRUPTED = 130;
const PING = 'ping -c 1 -W 5 10.9.0.2 >/tmp/ping; echo $?';
const BRIEFLY = { duration: 10 };

/** Our examples that attach to what tracing does not reach, and what a run says that cannot run whole. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'xdp-count',
    flags: { json: true, allow: ['sees-packet-payload'], 'target-ifname': 'v0' },
    spec: '/test/xdp-count.json',
    trigger: PING,
    prints: '0',
    shows: ['"ethertype":2048', '"packets":'],
    code: INTERRUPTED,
  },
  {
    name: 'tc-count',
    flags: { json: true, allow: ['sees-packet-payload,outlives-exit'], 'target-ifname': 'v0' },
    spec: '/test/tc-count.json',
    trigger: PING,
    prints: '0',
    shows: ['RECEIVED', 'SENT', '"ethertype":2048'],
    code: INTERRUPTED,
  },
  {
    name: 'lsm-deny-connect',
    flags: { json: true, allow: ['reads-kernel-memory', 'denies-operations'] },
    spec: '/test/lsm-deny-connect.json',
    args: ['--port', '7007'],
    trigger: '/test/actor talk',
    prints: '1',
    shows: ['"comm":"actor"', '"port":7007'],
    code: INTERRUPTED,
  },
  {
    name: 'uprobe-readline',
    flags: { json: true, allow: ['reads-user-memory'] },
    spec: '/test/uprobe-readline.json',
    trigger: "echo 'echo typed' | bash --norc -i 2>/dev/null | grep -c '^typed'",
    prints: '1',
    shows: ['"line":"echo typed"'],
    code: INTERRUPTED,
  },
  {
    name: 'a target that nobody names',
    flags: { allow: ['sees-packet-payload'] },
    spec: '/test/xdp-count.json',
    shows: ['EBPM_TARGET_MISSING', '--target-ifname'],
    code: 2,
  },
  {
    name: 'what nobody has agreed to',
    flags: { 'target-ifname': 'v0' },
    spec: '/test/xdp-count.json',
    shows: ['EBPM_PERMISSIONS_UNAPPROVED', '--allow=sees-packet-payload'],
    code: 1,
  },
  {
    name: 'one program that cannot be loaded',
    flags: {},
    spec: '/test/unloadable.o',
    shows: ['EBPM_ATTACH_TARGET_MISSING', 'on_nothing', 'no_such_function'],
    code: 1,
  },
  {
    name: 'one program that cannot be loaded, with --best-effort',
    flags: { ...BRIEFLY, 'best-effort': true },
    spec: '/test/unloadable.o',
    shows: ['DEGRADED: 1 of 2 programs', 'on_nothing (fentry/no_such_function)', 'attached 1 program'],
    code: 0,
  },
  {
    name: 'one program that can be loaded and not attached',
    flags: {},
    spec: '/test/unattachable.o',
    shows: ['EBPM_ATTACH_TARGET_MISSING', 'on_nowhere', 'no such function to probe'],
    code: 1,
  },
  {
    name: 'one program that can be loaded and not attached, with --best-effort',
    flags: { ...BRIEFLY, 'best-effort': true },
    spec: '/test/unattachable.o',
    shows: ['DEGRADED: 1 of 2 programs', 'on_nowhere (kprobe/no_such_function)', 'attached 1 program'],
    code: 0,
  },
  {
    name: 'programs that the package calls optional or says not to attach',
    flags: BRIEFLY,
    spec: '/test/choices.json',
    shows: [
      'DEGRADED: 3 of 4 programs',
      'on_nothing (fentry/no_such_function)',
      'on_nowhere (kprobe/no_such_function)',
      'on_request (tp/syscalls/sys_enter_unlink)',
      '(link: false)',
      'attached 1 program',
    ],
    code: 0,
  },
];
