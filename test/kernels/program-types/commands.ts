/** A run of the command line in the lab, what is done meanwhile, and what must come of it. */
export interface Command {
  readonly name: string;
  /** Words after `ebpm run`. */
  readonly words: readonly string[];
  /** A command for the shell, once the programs are attached; without one the run ends by itself. */
  readonly trigger?: string;
  /** What the trigger prints. */
  readonly prints?: string;
  /** Texts that must be in what is printed, stdout and stderr. */
  readonly shows: readonly string[];
  readonly code: number;
}

const INTERRUPTED = 130;
const PING = 'ping -c 3 -i 1 -W 5 10.9.0.2 >/tmp/ping; echo $?';

/** Our examples that attach to what tracing does not reach, and what a run says that cannot run whole. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'xdp-count',
    words: ['--json', '--target-ifname', 'v0', '/test/xdp-count.json'],
    trigger: PING,
    prints: '0',
    shows: ['"ethertype":2048', '"packets":'],
    code: INTERRUPTED,
  },
  {
    name: 'tc-count',
    words: ['--json', '--target-ifname', 'v0', '/test/tc-count.json'],
    trigger: PING,
    prints: '0',
    shows: ['RECEIVED', 'SENT', '"ethertype":2048'],
    code: INTERRUPTED,
  },
  {
    name: 'lsm-deny-connect',
    words: ['--json', '/test/lsm-deny-connect.json', '--port', '7007'],
    trigger: '/test/actor talk',
    prints: '1',
    shows: ['"comm":"actor"', '"port":7007'],
    code: INTERRUPTED,
  },
  {
    name: 'uprobe-readline',
    words: ['--json', '/test/uprobe-readline.json'],
    trigger: "echo 'echo typed' | bash --norc -i 2>/dev/null | grep -c '^typed'",
    prints: '1',
    shows: ['"line":"echo typed"'],
    code: INTERRUPTED,
  },
  {
    name: 'one program that cannot be loaded',
    words: ['/test/degraded.o'],
    shows: ['EBPM_ATTACH_TARGET_MISSING', 'on_nothing', 'no_such_function'],
    code: 1,
  },
  {
    name: 'the same with --best-effort',
    words: ['--best-effort', '--duration', '10ms', '/test/degraded.o'],
    shows: ['DEGRADED: 1 of 2 programs', 'on_nothing (fentry/no_such_function)', 'attached 1 program'],
    code: 0,
  },
  {
    name: 'a target that nobody names',
    words: ['/test/xdp-count.json'],
    shows: ['EBPM_TARGET_MISSING', '--target-ifname'],
    code: 2,
  },
];
