import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedProject } from '../support/documented-project.js';
import { buildExample, buildFixture, buildFolder } from './build-example.js';
import { buildProgram } from './build-program.js';
import { KERNELS } from './kernels.js';
import { observeAll, type Seen } from './observe.js';
import { SCENARIOS } from './scenarios.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a guest is run on, and what must come of it. */
interface Case {
  readonly tool: string;
  /** Where it is from; default: the examples. */
  readonly from?: 'fixtures' | 'docs';
  readonly args: readonly string[];
  readonly plan: readonly string[];
  /** What is compared of what came, of the workload's alone. */
  readonly seen: (seen: Seen) => unknown;
  readonly expected: unknown;
  /** The kernels for it: throwaway ones where it watches more than the workload, one where that says enough. */
  readonly only?: 'lab' | '6.12';
  /** For how long nothing more must come, where what it has gathered comes at an interval. */
  readonly quietMs?: number;
  /** How it ends; default 130, interrupted. */
  readonly code?: number;
}

const PORT = 5201;
const ROUNDS = 20;
/** Each guest is a process more to start, which takes seconds in an emulated machine. */
const HOOK_MS = 600_000;
/** A guest says that it is attached with the first of its programs. */
const SETTLE_MS = 1500;

const CASES: readonly Case[] = [
  ...['bootstrap-wasm', 'bootstrap-assemblyscript'].map((tool) => ({
    tool,
    args: ['--parent_pid', 'SELF'],
    plan: scenario('bootstrap').plan,
    seen: ({ events, pid }: Seen) => sorted(events.filter(({ ppid }) => ppid === pid).map(withoutIds)),
    expected: sorted(scenario('bootstrap').expected.map(withoutIds)),
  })),
  ...['opensnoop-wasm', 'opensnoop-assemblyscript'].map((tool) => ({
    tool,
    args: ['1', 'SELF'],
    quietMs: 4000,
    plan: scenario('opensnoop').plan,
    seen: ({ events, pid }: Seen) => ({
      opened: sum(events, pid, 'opened'),
      failed: sum(events, pid, 'failed'),
      names: [...new Set(events.map(({ comm }) => comm))],
    }),
    expected: { opened: 150, failed: 50, names: ['workload'] },
  })),
  {
    tool: 'runtimes-wasm',
    args: ['SELF'],
    plan: repeated(['exec /bin/true x', 'exec /bin/false x']),
    seen: ({ events, pid }) =>
      sorted(events.filter(({ ppid }) => ppid === pid).map(({ comm, exit_code }) => ({ comm, exit_code }))),
    expected: sorted(
      repeated([
        { comm: 'true', exit_code: 0 },
        { comm: 'false', exit_code: 1 },
      ]),
    ),
  },
  {
    tool: 'sockops-wasm',
    args: ['/sys/fs/cgroup'],
    plan: repeated([`tcp 4 ${PORT}`, `tcp 6 ${PORT + 1}`]),
    seen: ({ events }) =>
      sorted(events.map(({ made, family, ...ports }) => ({ made, family, port: portOf(made, ports) }))),
    expected: sorted(
      repeated([
        { made: true, family: 2, port: PORT },
        { made: false, family: 2, port: PORT },
        { made: true, family: 10, port: PORT + 1 },
        { made: false, family: 10, port: PORT + 1 },
      ]),
    ),
    only: 'lab',
  },
  // They check themselves what each operation on maps gives, and end.
  ...['map-guest-c', 'map-guest-ts'].map((tool) => ({
    tool,
    from: 'fixtures' as const,
    args: [],
    plan: [],
    seen: ({ code }: Seen) => code,
    expected: 0,
    code: 0,
  })),
  ...['app.c', 'app.ts'].map((tool) => ({
    tool,
    from: 'docs' as const,
    args: ['SELF'],
    plan: repeated(['exec /bin/true x', 'exec /bin/false x']),
    seen: ({ events }: Seen) => ({
      names: sorted(events.map(({ comm }) => comm)),
      times: Math.max(...events.map(({ times }) => Number(times))),
    }),
    expected: { names: sorted(repeated(['true', 'false'])), times: ROUNDS },
    only: '6.12' as const,
  })),
];

const folder = temporaryFolder('wasm-examples');
const modules = new Map<string, string>();
let programs = { workload: '', programIds: '' };

// Each guest is built once, and that very module goes to every kernel.
beforeAll(async () => {
  programs = { workload: buildProgram('workload', folder), programIds: buildProgram('program-ids', folder) };
  for (const { tool, from } of CASES) modules.set(tool, await build(tool, from));
}, HOOK_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('guests on $name', (kernel) => {
  const possible = CASES.filter(({ only }) =>
    only === 'lab' ? kernel.version !== undefined : only === undefined || only === kernel.version,
  );
  const seenOf = new Map<Case, Seen>();
  beforeAll(async () => {
    const observations = possible.map(({ tool, args, plan, quietMs }) => {
      const module = { packagePath: modules.get(tool) ?? '', ...programs };
      return { ...module, args, plan, onlyMine: [], settleMs: SETTLE_MS, quietMs };
    });
    for (const [index, seen] of (await observeAll(kernel, observations)).entries()) {
      const { [index]: of } = possible;
      if (of !== undefined) seenOf.set(of, seen);
    }
  }, HOOK_MS);

  it.each(possible)('$tool shows exactly what the workload does', (of) => {
    const seen = seenOf.get(of);
    if (seen === undefined) throw new Error('it was not observed');
    expect(of.seen(seen), seen.stderr).toEqual(of.expected);
    expect(seen).toMatchObject({ code: of.code ?? 130, left: [] });
    // One that ends by itself may be gone before it was looked at.
    if (of.code === undefined) expect(seen.attached.length).toBeGreaterThan(0);
  });
});

async function build(tool: string, from: Case['from']): Promise<string> {
  if (from === 'fixtures') return buildFixture(tool, folder);
  if (from === undefined) return buildExample(tool, folder);
  const project = `${folder}/docs-${tool}`;
  mkdirSync(project);
  for (const [name, text] of Object.entries(documentedProject(tool))) writeFileSync(`${project}/${name}`, text);
  return buildFolder(project, `${folder}/${tool}.wasm`);
}

function scenario(tool: string) {
  const found = SCENARIOS.find((candidate) => candidate.tool === tool);
  if (found === undefined) throw new Error(`There is no scenario for ${tool}`);
  return found;
}

function repeated<T>(items: readonly T[]): readonly T[] {
  return Array.from({ length: ROUNDS }, () => items).flat();
}

/** Events of several CPUs may come in another order than they happened in, so sets are compared. */
function sorted(items: readonly unknown[]): readonly string[] {
  return items.map((item) => JSON.stringify(item)).sort();
}

function withoutIds({ exit_event, exit_code, comm, filename }: Readonly<Record<string, unknown>>): unknown {
  return { exit_event, exit_code, comm, filename };
}

function sum(events: Seen['events'], pid: number, field: string): number {
  return events.filter((event) => event['pid'] === pid).reduce((total, event) => total + Number(event[field]), 0);
}

/** The listening end's. */
function portOf(made: unknown, { local_port, remote_port }: Readonly<Record<string, unknown>>): unknown {
  return made === true ? remote_port : local_port;
}
