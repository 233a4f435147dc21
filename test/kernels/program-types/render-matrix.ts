import { PROGRAM_TYPES } from '@ebpm/loader';
import { CASES } from './cases.js';
import type { Row } from './row.js';

/** docs/program-types.md: the table of what ebpm attaches, with what came of each case on each kernel. */
export function renderMatrix(rows: ReadonlyMap<string, readonly Row[]>): string {
  const kernels = [...rows.keys()];
  const header = ['type', 'section', 'Linux', 'target flags', ...kernels.map((kernel) => `on ${kernel}`)];
  const notes: string[] = [];
  const lines = CASES.map(({ type, variant }, index) => {
    const row = PROGRAM_TYPES.find(({ name }) => name === type);
    const results = kernels.map((kernel) => cell(rows.get(kernel)?.[index], notes));
    return [
      variant === undefined ? type : `${type}: ${variant}`,
      (row?.sections ?? []).map((section) => `\`${section}\``).join(' '),
      row?.minimumKernel ?? '',
      (row?.targets ?? []).map((target) => `\`--target-${target}\``).join(' '),
      ...results,
    ];
  });
  const table = [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${INTRODUCTION}\n${table}\n\n${notes.map((note, index) => `${index + 1}. ${note}`).join('\n')}\n${REST}`;
}

/** The result, with the number of its note where it has one. Equal notes are written once. */
function cell(row: Row | undefined, notes: string[]): string {
  if (row === undefined) return 'not run';
  if (row.why === undefined) return row.status;
  // Numbers of interfaces and the like differ from boot to boot.
  const note = escapeCell(row.why);
  const known = notes.indexOf(note);
  const number = known === -1 ? notes.push(note) : known + 1;
  return `${row.status} (${number})`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('_', '\\_');
}

const INTRODUCTION = `# Program types

This page is made by \`test/kernels/program-types.test.ts\`, which attaches each of these in Linux 6.1 and 6.12, triggers it, looks at the effect,
detaches it, and looks whether a program, a link, a qdisc or a filter stayed; it fails where this page says anything else. "Linux" is the oldest
upstream kernel on which ebpm attaches a type; vendors backport, so ebpm asks the kernel and not its version.
`;

const REST = `
## Targets

What a program attaches to comes from the name of its section, from what the package says, and from flags of \`ebpm run\`; a flag goes first. The
flags are \`--target-ifname\` (a name or a number), \`--target-cgroup\` (a folder of cgroup2), \`--target-pid\` and \`--target-path\`. Where nobody names a
target, the run ends with an error that says which flag to type.

In the source, above the program:

| annotation | of | meaning |
| --- | --- | --- |
| \`@target {"ifname": "eth0"}\` | xdp, tc, tcx, socket filter | also \`"cgroup"\`, \`"pid"\`, \`"path"\`, as the flags |
| \`@target {"symbol": "main"}\` | uprobe, uretprobe | the function, for a section that names none |
| \`@target {"map": "sockets"}\` | sk_skb, sk_msg, iter | which map of the object |
| \`@tchook {"ifindex": 1, "attach_point": "BPF_TC_EGRESS"}\` | tc | as eunomia-bpf's compiler takes it |
| \`@tcopts {"handle": 1, "priority": 1}\` | tc | asks for classic tc, which alone has them |
| \`@ifindex 1\`, \`@flags 4\` | xdp | flags: 2 generic, 4 driver, 8 offloaded, 0 the kernel's choice |
| \`@perf {"event": "cpu-cycles", "frequency": 99}\` | perf_event | or \`"period"\`: events between two samples |
| \`@netfilter {"family": "ipv4", "hook": "local_in", "priority": 0}\` | netfilter | these are the defaults |
| \`@optional\` | all | the rest runs where this program cannot |

A \`perf_event\` program whose package names no event gets cpu-cycles, or cpu-clock on a machine without hardware counters, and the run says so.
A \`struct_ops\` table is registered when its first program is attached. A \`syscall\` program is run once, when the others are attached.

## When a program cannot be attached

It stops the run, with its name and the reason, and nothing stays attached. A program with \`@optional\` does not: the rest runs, and the run says
\`DEGRADED\` with the reason. \`--best-effort\` takes every program for optional. A program with \`"link": false\` in the package is loaded and not attached,
and the run says that too. Where the kernel lacks something the error is EBPM_NOT_SUPPORTED, and it names the feature, the oldest kernel that has it,
and what the kernel answered when it was asked.

## What outlives a crash

Links end with the process, whatever ends it. Two things have no link: filters of classic tc, and struct_ops tables before Linux 6.4. A record of each is
kept in \`/run/ebpm/remains\` while it is there, and what a process has left that is gone is taken back from these records.
`;
