import type { PackageFacts } from '@ebpm/formats';
import { judge } from '@ebpm/object';
import { expect, it } from 'vitest';
import { formatChanges } from '../src/format-changes.js';
import { formatPermissions } from '../src/format-permissions.js';

type ObjectFacts = PackageFacts['objects'][number];
type ProgramFacts = ObjectFacts['programs'][number];

const PROGRAM: ProgramFacts = {
  name: 'on_exec',
  section: 'tp_btf/sched_process_exec',
  type: 'tracing',
  attachType: 'trace_raw_tp',
  target: 'sched_process_exec',
  sleepable: false,
  autoload: true,
  parameters: [],
  helpers: [
    { name: 'probe_read_kernel', untyped: true },
    { name: 'send_signal', behind: ['kill'] },
  ],
  kernelFunctions: [{ name: 'unheard_of' }],
  kernelVariables: [],
  fields: Array.from({ length: 14 }, (_, n) => `task_struct.f${String(n).padStart(2, '0')}`),
  maps: ['counts'],
  tailCalls: [],
  writesContext: false,
  writesElsewhere: false,
  unknown: [],
};

const OBJECT: ObjectFacts = {
  file: 'package.json',
  part: 0,
  sha256: '0'.repeat(64),
  readable: true,
  license: 'GPL',
  programs: [PROGRAM],
  maps: [
    { name: 'counts', type: 'percpu_hash', keySizeBytes: 4, valueSizeBytes: 8, maxEntries: 1, flags: 0, pinned: true },
  ],
  structOps: [],
};

function formatted(objects: readonly ObjectFacts[]): string {
  const facts = { version: 1, objects: [...objects] };
  return formatPermissions(facts, judge(facts));
}

it('formatPermissions() tells classes with their evidence, what nobody can say, and the programs and maps', () => {
  expect(formatted([OBJECT])).toBe(`reads the kernel's memory (reads-kernel-memory)
  on_exec: helper bpf_probe_read_kernel (not of a field that a relocation names)
${Array.from({ length: 11 }, (_, n) => `  on_exec: field task_struct.f${String(n).padStart(2, '0')}\n`).join('')}  on_exec: and 3 more
sees names of files (sees-file-paths)
  on_exec: target sched_process_exec
sends signals to processes (sends-signals)
  on_exec: helper bpf_send_signal, only with kill
stays in the kernel when ebpm has ended (outlives-exit)
  map counts (it is pinned by its name)
may do what nobody can say (unclassified)
  on_exec: kernel function unheard_of

ebpm run asks for reads-kernel-memory, sends-signals, outlives-exit, unclassified

package.json: license GPL
  program on_exec: trace_raw_tp sched_process_exec
  map counts: percpu_hash, pinned, memory without a bound
`);
});

it('formatPermissions() tells of what has no objects, and escapes what a terminal would take for orders', () => {
  expect(formatted([])).toBe('nothing that has a class\n\nebpm run asks for nothing\n\nIt has no eBPF objects\n');
  expect(formatted([{ ...OBJECT, file: '\u001b[2Jx', programs: [], maps: [] }])).not.toContain('\u001b');
});

it('formatPermissions() tells what a module wants of WASI, and what to type for it', () => {
  const facts = { version: 1, objects: [] };
  const wasi = {
    env: ['HOME', 'TERM'],
    dirs: [
      { path: '/etc/hosts.d', guest: '/etc', access: 'read' as const },
      { path: '/data', guest: '/data', access: 'write' as const },
    ],
  };
  expect(formatPermissions(facts, judge(facts), { wasi })).toBe(`nothing that has a class

ebpm run asks for nothing

its module wants, and gets with --allow alone:
  to read the variables HOME, TERM (wasi:env)
  to read files in /etc/hosts.d, which it calls /etc (wasi:dir=/etc/hosts.d)
  to change files in /data (wasi:write=/data)

It has no eBPF objects
`);
  expect(formatPermissions(facts, judge(facts), { wasi: { env: [], dirs: [] } })).not.toContain('module');
});

it('formatPermissions() tells what a module can start, what that may do, and what is asked for together', () => {
  const facts = { version: 1, objects: [] };
  const tools = [
    { name: 'kills', version: '1.0.0', classes: ['sends-signals'], asks: ['sends-signals'] },
    { name: 'execs', version: '1.2.0', classes: [], asks: [] },
  ];
  const missingTools = { gone: 'version 1.0.0 of it is not installed: type ebpm install' };
  expect(formatPermissions(facts, judge(facts), { tools, missingTools })).toBe(`nothing that has a class

ebpm run asks for sends-signals

its module can start:
  kills@1.0.0: sends signals to processes (sends-signals)
  execs@1.2.0: nothing that has a class
  not gone: version 1.0.0 of it is not installed: type ebpm install

It has no eBPF objects
`);
});

const side = (version: string, digit: string) => ({
  spec: 'x',
  from: 'installed' as const,
  name: 'x',
  version,
  registry: 'https://hub.example',
  digest: `sha256:${digit.repeat(64)}`,
});

it('formatChanges() tells what was compared, each change on a line, that there is none, and that both are the same', () => {
  const [before, after] = [side('1.0.0', '1'), { ...side('1.1.0', '2'), from: 'registry' as const }];
  const header = `--- x@1.0.0 (installed), sha256:${'1'.repeat(64)}
+++ x@1.1.0 (registry https://hub.example), sha256:${'2'.repeat(64)}\n`;
  expect(
    formatChanges({ before, after }, [
      { kind: 'helper', what: 'bpf_send_signal', change: 'added' },
      { kind: 'field', what: 'a.b', change: 'dropped' },
    ]),
  ).toBe(`${header}+ helper bpf_send_signal\n- field a.b\n`);
  expect(formatChanges({ before, after }, [])).toBe(`${header}Both may see and do the same\n`);
  expect(formatChanges({ before, after: before }, [])).toContain('\nBoth are the same bytes\n');
});
