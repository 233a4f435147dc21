import { GUEST_COMMAND } from '../../packages/cli/src/guest-files.js';

/** The workload's processes, known once it runs. */
export interface Actors {
  readonly pid: number;
  readonly target: number;
}

/** Gives what a tool saw of the workload, one text for each event, in the same words as the other tools of its comparison. */
export type Parse = (stdout: string, actors: Actors) => readonly string[];

/** Tools that must see the same. */
export interface Comparison {
  readonly what: string;
  /** Actions of the workload, see ../kernels/workload.c. */
  readonly plan: readonly string[];
  /** By the names of TOOLS, ours first. */
  readonly tools: Readonly<Record<string, Parse>>;
}

/** What is started, all at the same time: our examples, Debian's libbpf-tools, bpftrace. SELF is the workload's pid. */
export const TOOLS: Readonly<Record<string, readonly string[]>> = {
  'ebpm opensnoop': example('opensnoop', '--pid_target', 'SELF'),
  'ebpm sigsnoop': example('sigsnoop'),
  'ebpm bootstrap': example('bootstrap'),
  'ebpm tcpstates': example('tcpstates'),
  'ebpm runqlat': example('runqlat', '--target_pid', 'SELF'),
  opensnoop: ['/test/bin/opensnoop', '-p', 'SELF'],
  execsnoop: ['/test/bin/execsnoop'],
  exitsnoop: ['/test/bin/exitsnoop'],
  sigsnoop: ['/test/bin/sigsnoop', '-k'],
  tcpstates: ['/test/bin/tcpstates'],
  runqlat: ['/test/bin/runqlat', '-p', 'SELF'],
  bpftrace: ['/test/bin/bpftrace', '-B', 'line', '/test/watch.bt', 'SELF'],
};

/** The examples that the tools are compared with. */
export const EXAMPLES = ['opensnoop', 'sigsnoop', 'bootstrap', 'tcpstates', 'runqlat'] as const;
export const LIBBPF_TOOLS = ['opensnoop', 'execsnoop', 'exitsnoop', 'sigsnoop', 'tcpstates', 'runqlat'] as const;

const ROUNDS = 520;
/** No process has this number. */
const NOBODY = 4_194_305;
const SIGUSR1 = 10;
const SIGUSR2 = 12;
const PORT = 4711;
/** A round of connecting and closing is a dozen changes. @see include/net/tcp_states.h, from 1 */
const TCP_ROUNDS = 60;
const TCP_STATES =
  'ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING NEW_SYN_RECV'.split(
    ' ',
  );

export const COMPARISONS: readonly Comparison[] = [
  {
    what: 'opens',
    plan: times((n) => `openat 0 ${n % 3 === 0 ? '/etc/passwd' : `/no/such/file-${n}`}`),
    tools: {
      'ebpm opensnoop': events(({ pid, ret, fname }, self) => (pid === self.pid ? `${ret} ${fname}` : undefined)),
      opensnoop: rows(/^(\d+)\s+\S+\s+(-?\d+)\s+(\d+) (.*)$/, ([pid, fd, error, path], self) =>
        Number(pid) === self.pid ? `${Number(error) > 0 ? -Number(error) : fd} ${path}` : undefined,
      ),
      bpftrace: rows(/^open (-?\d+) (.*)$/, ([ret, path]) => `${ret} ${path}`),
    },
  },
  {
    what: 'signals',
    plan: times((n) => `kill ${n % 5 === 0 ? NOBODY : 'target'} ${n % 2 === 0 ? SIGUSR1 : SIGUSR2}`),
    tools: {
      'ebpm sigsnoop': events(({ pid, tpid, sig, ret }, self) =>
        pid === self.pid ? `${tpid} ${sig} ${ret}` : undefined,
      ),
      sigsnoop: rows(/^\S+\s+(\d+)\s+\S+\s+(\d+)\s+(\d+)\s+(-?\d+)\s*$/, ([pid, sig, tpid, ret], self) =>
        Number(pid) === self.pid ? `${tpid} ${sig} ${ret}` : undefined,
      ),
      bpftrace: rows(/^kill (\d+) (\d+) (-?\d+)$/, ([tpid, sig, ret]) => `${tpid} ${sig} ${ret}`),
    },
  },
  {
    what: 'starts of programs',
    plan: times((n) => `exec ${n % 2 === 0 ? '/bin/true' : '/bin/false'} x${n}`),
    tools: {
      'ebpm bootstrap': events(({ pid, ppid, exit_event, filename }, self) =>
        ppid === self.pid && exit_event === false ? `${pid} ${filename}` : undefined,
      ),
      execsnoop: rows(/^\S+\s+(\d+)\s+(\d+)\s+0 (\S+) x\d+\s*$/, ([pid, ppid, path], self) =>
        Number(ppid) === self.pid ? `${pid} ${path}` : undefined,
      ),
      bpftrace: rows(/^exec (\d+) (.*)$/, ([pid, path]) => `${pid} ${path}`),
    },
  },
  {
    what: 'ends of programs',
    plan: [],
    tools: {
      'ebpm bootstrap': events(({ pid, ppid, exit_event, exit_code, comm }, self) =>
        ppid === self.pid && exit_event === true ? `${pid} ${exit_code} ${comm}` : undefined,
      ),
      exitsnoop: rows(/^(\S+)\s+(\d+)\s+(\d+)\s+\d+\s+\S+\s+(?:code )?(\d+)\s*$/, ([comm, pid, ppid, code], self) =>
        Number(ppid) === self.pid ? `${pid} ${code} ${comm}` : undefined,
      ),
      bpftrace: rows(/^exit (\d+) (\d+) (.*)$/, ([pid, code, comm]) => `${pid} ${code} ${comm}`),
    },
  },
  {
    what: 'states of TCP connections',
    plan: times((n) => `tcp ${n % 2 === 0 ? 4 : 6} ${PORT}`).slice(0, TCP_ROUNDS),
    tools: {
      'ebpm tcpstates': events(
        ({ sport, dport, oldstate, newstate }) =>
          `${sport} ${dport} ${String(oldstate).replace(/\(.*/, '')} ${String(newstate).replace(/\(.*/, '')}`,
      ),
      tcpstates: rows(
        /\s(\d+)\s+\S+\s+(\d+)\s+([A-Z]\w+)\s+(?:->\s+)?([A-Z]\w+)\s+[\d.]+\s*$/,
        ([sport, dport, from, to]) => `${sport} ${dport} ${from} ${to}`,
      ),
      bpftrace: rows(
        /^tcp (\d+) (\d+) (\d+) (\d+)$/,
        ([sport, dport, from, to]) => `${sport} ${dport} ${TCP_STATES[Number(from) - 1]} ${TCP_STATES[Number(to) - 1]}`,
      ),
    },
  },
  {
    // How many there are: how long each took, every tool reads off a clock of its own. The workload waits for each child.
    what: 'waits for a CPU',
    plan: [],
    tools: {
      'ebpm runqlat': (stdout) => waits(stdout, /"count":(\d+)/g),
      runqlat: (stdout) => waits(stdout, /-> \d+ +: (\d+) /g),
      bpftrace: (stdout) => waits(stdout, /^@waits: (\d+)$/gm),
    },
  },
];

function waits(stdout: string, count: RegExp): readonly string[] {
  const sum = [...stdout.matchAll(count)].reduce((total, [, number]) => total + Number(number), 0);
  return Array.from({ length: sum }, () => 'a wait');
}

function example(name: string, ...args: readonly string[]): readonly string[] {
  return [...GUEST_COMMAND, 'run', '--json', `/test/${name}.json`, ...args];
}

function times(action: (n: number) => string): readonly string[] {
  return Array.from({ length: ROUNDS }, (_, n) => action(n));
}

type Event = Readonly<Record<string, unknown>>;

/** Reads NDJSON, without the ledger at its end. */
function events(text: (event: Event, actors: Actors) => string | undefined): Parse {
  return (stdout, actors) =>
    stdout.split('\n').flatMap((line) => {
      const event: Event = line === '' ? { ebpm: 'nothing' } : JSON.parse(line);
      return 'ebpm' in event ? [] : (text(event, actors) ?? []);
    });
}

/** Reads the lines that look like rows; headers and rows of others do not. */
function rows(row: RegExp, text: (cells: readonly string[], actors: Actors) => string | undefined): Parse {
  return (stdout, actors) =>
    stdout.split('\n').flatMap((line) => {
      const found = row.exec(line);
      return found === null ? [] : (text(found.slice(1), actors) ?? []);
    });
}
