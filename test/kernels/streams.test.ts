import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample, buildFixture } from './build-example.js';
import { buildProgram } from './build-program.js';
import { EBPM } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import { temporaryFolder } from './temporary-folder.js';
import { recordingPath, type Watch, type Watched, watchAll } from './watch.js';

const ROUNDS = 20;
/** Milliseconds of work in each round: 0.6 s in all, which is 60 samples. */
const WORK_MS = 30;
const PORT = 45_991;
const FLAME_GRAPH = '/tmp/ebpm-streams-test.svg';

const folder = temporaryFolder('streams');
let seen = new Map<string, Readonly<Record<string, Watched>>>();

// All that is shown besides single events, in one boot of each kernel.
beforeAll(async () => {
  const busy = buildProgram('busy', folder);
  const workload = buildProgram('workload', folder);
  const plan = join(folder, 'plan');
  writeFileSync(plan, `tcp 4 ${PORT}\ntcp 6 ${PORT}`);
  const [stacks, printk, runqlat, profile, tcpstates] = await Promise.all([
    buildFixture('stacks', folder),
    buildFixture('printk', folder),
    buildExample('runqlat', folder),
    buildExample('profile', folder),
    buildExample('tcpstates', folder),
  ]);
  const once = [busy, String(ROUNDS)] as const;
  const long = [busy, String(ROUNDS), String(WORK_MS)] as const;
  const own = ['--target_pid', 'SELF'];
  // These two are about user space, and a lab kernel takes its time for each run.
  const stacksWatch: Watch = {
    name: 'stacks',
    pkg: stacks,
    flags: ['--json'],
    args: own,
    workload: [...once],
    record: true,
  };
  const allowed = '--allow=reads-user-memory,reads-kernel-memory';
  const kept = [allowed, '--keep-privileges'];
  const killedWatch: Watch = { name: 'killed', pkg: printk, flags: kept, args: own, workload: [...once], kill: true };
  for (const kernel of KERNELS) {
    const watches: readonly Watch[] = [
      ...(isHere(kernel) ? [stacksWatch, killedWatch] : []),
      { name: 'printk', pkg: printk, flags: [allowed, '--json'], args: own, workload: [...once], record: true },
      { name: 'runqlat', pkg: runqlat, args: own, workload: [...once], record: true },
      {
        name: 'profile',
        pkg: profile,
        flags: ['--json', '--flamegraph', FLAME_GRAPH],
        args: own,
        workload: [...long],
        file: FLAME_GRAPH,
        record: true,
      },
      {
        name: 'tcpstates',
        pkg: tcpstates,
        flags: ['--json'],
        args: ['--port', String(PORT)],
        workload: [workload, plan],
      },
    ];
    const results = await watchAll(kernel, watches, folder);
    seen = new Map([...seen, [kernel.name, results]]);
  }
}, 600_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(FLAME_GRAPH, { force: true });
});

describe.each(KERNELS)('on $name', (kernel) => {
  it.runIf(isHere(kernel))('ebpm run names the functions on the stacks of events, and of a sampled map', () => {
    const { events, watched } = eventsOf(kernel, 'stacks');
    expect(watched).toMatchObject({ code: 130 });
    const single = events.filter(({ kstack_sz }) => kstack_sz !== undefined);
    const counted = events.filter(({ key }) => key !== undefined);
    expect(single.length).toBe(ROUNDS);
    expect(counted.reduce((sum, { value }) => sum + value.__u64, 0)).toBe(ROUNDS);
    for (const { stacks } of events) {
      expect(namesOf(stacks.user).slice(0, 3)).toEqual(['inner_work', 'outer_work', 'main']);
      expect(namesOf(stacks.kernel)).toContain('do_syscall_64');
    }
  });

  it('ebpm run shows what a program prints with bpf_printk, and removes its trace instance', () => {
    const { events, watched } = eventsOf(kernel, 'printk');
    const { pid } = watched;
    const messages = [`kill(${pid}, 0)`, `by busy: ${pid} 0x0 100% 7`];
    expect(events.map(({ message }) => message)).toEqual(Array.from({ length: ROUNDS }, () => messages).flat());
    expect(events.every((event) => event.pid === pid && event.comm === 'busy')).toBe(true);
    expect(watched.during.length).toBe(1);
    expect(watched.after).toEqual([]);
  });

  it.runIf(isHere(kernel))('ebpm run removes the trace instance of a run that was killed', () => {
    const killed = watchedOf(kernel, 'killed');
    expect(killed.during.length).toBe(1);
    // Root that stays root has no helper that would remove it.
    expect(killed.after).toEqual(killed.during);
    expect(watchedOf(kernel, 'printk').during).not.toEqual(killed.during);
  });

  it('ebpm run draws as many waits as the program counted', () => {
    const text = watchedOf(kernel, 'runqlat').stdout;
    const counts = [...text.matchAll(/^count = (\d+)$/gm)].map(([, count]) => Number(count));
    const bars = [...text.matchAll(/^ *\d+ -> \d+ +: (\d+) +\|[* ]{40}\|$/gm)].map(([, count]) => Number(count));
    expect(counts.length).toBeGreaterThan(0);
    expect(bars.reduce((sum, count) => sum + count, 0)).toBe(counts.reduce((sum, count) => sum + count, 0));
    expect(text).toContain('     usecs               : count    distribution\n');
  });

  it.each([
    ['printk', ['--json']],
    ['runqlat', []],
    ['profile', ['--json']],
  ])('ebpm replay shows again what a run of %s showed on that kernel', (name, flags) => {
    const path = recordingPath(folder, kernel, name);
    const { stdout, status } = spawnSync(process.execPath, [EBPM, 'replay', ...flags, path], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: watchedOf(kernel, name).stdout, status: 0 });
  });

  it('ebpm replay draws the flame graph of the run', () => {
    const path = join(folder, 'replayed.svg');
    const recording = recordingPath(folder, kernel, 'profile');
    spawnSync(process.execPath, [EBPM, 'replay', '--json', '--flamegraph', path, recording]);
    expect(readFileSync(path, 'utf8')).toBe(watchedOf(kernel, 'profile').file);
  });

  it.runIf(isHere(kernel))('ebpm replay shows again the stacks of events, with their names', () => {
    const path = recordingPath(folder, kernel, 'stacks');
    const { stdout } = spawnSync(process.execPath, [EBPM, 'replay', '--json', path], { encoding: 'utf8' });
    expect(stdout).toBe(watchedOf(kernel, 'stacks').stdout);
  });

  it('ebpm run finds the busy function of a process, and draws it into a flame graph', () => {
    const { events, watched } = eventsOf(kernel, 'profile');
    const samples = events.reduce((sum, { value }) => sum + value.__u64, 0);
    expect(samples).toBeGreaterThan(10);
    const inside = events.filter(({ stacks }) => namesOf(stacks.user)[0] === 'inner_work');
    expect(inside.length).toBeGreaterThan(0);
    for (const { stacks } of inside)
      expect(namesOf(stacks.user).slice(0, 3)).toEqual(['inner_work', 'outer_work', 'main']);
    expect(watched.file).toContain(`<title>all (${samples}, 100.00 %)</title>`);
    expect(watched.file).toMatch(/<title>inner_work \(\d+, /);
    expect(watched.file.endsWith('</svg>\n')).toBe(true);
  });

  it('tcpstates shows every change of state of a connection, of IPv4 and of IPv6', () => {
    const { events } = eventsOf(kernel, 'tcpstates');
    const changes = events.map((event) => {
      const side = event.sport === PORT ? 'to' : 'from';
      return [event.family, side, event.saddr, event.oldstate, event.newstate].join(' ');
    });
    expect(changes.sort()).toEqual([...changesOf(2, '16777343'), ...changesOf(10, String(2n ** 120n))].sort());
  });
});

function isHere({ version }: Kernel): boolean {
  return version === undefined;
}

/** The changes of one connection from its first socket to its last, each by its number in the kernel. */
function changesOf(family: number, address: string): readonly string[] {
  const change = (side: string, before: string, after: string) => [family, side, address, before, after].join(' ');
  return [
    change('to', 'CLOSE(7)', 'LISTEN(10)'),
    change('from', 'CLOSE(7)', 'SYN_SENT(2)'),
    change('from', 'SYN_SENT(2)', 'ESTABLISHED(1)'),
    change('to', 'LISTEN(10)', 'SYN_RECV(3)'),
    change('to', 'SYN_RECV(3)', 'ESTABLISHED(1)'),
    change('from', 'ESTABLISHED(1)', 'FIN_WAIT1(4)'),
    change('to', 'ESTABLISHED(1)', 'CLOSE_WAIT(8)'),
    change('from', 'FIN_WAIT1(4)', 'FIN_WAIT2(5)'),
    change('to', 'CLOSE_WAIT(8)', 'LAST_ACK(9)'),
    change('from', 'FIN_WAIT2(5)', 'CLOSE(7)'),
    change('to', 'LAST_ACK(9)', 'CLOSE(7)'),
    change('to', 'LISTEN(10)', 'CLOSE(7)'),
  ];
}

function watchedOf(kernel: Kernel, name: string): Watched {
  const watched = seen.get(kernel.name)?.[name];
  if (watched === undefined) throw new Error(`nothing was seen of ${name} on ${kernel.name}`);
  return watched;
}

/** The lines of JSON but the last, which is the ledger. */
function eventsOf(kernel: Kernel, name: string) {
  const watched = watchedOf(kernel, name);
  const lines = watched.stdout.split('\n').filter((line) => line !== '');
  return { watched, events: lines.slice(0, -1).map((line) => JSON.parse(line)) };
}

function namesOf(frames: readonly { readonly symbol?: string }[]): readonly (string | undefined)[] {
  return frames.map(({ symbol }) => symbol);
}
