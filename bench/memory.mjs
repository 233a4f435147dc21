import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EBPM } from './ebpm.mjs';

/** What a mapping of a process is, by its name in /proc/PID/smaps. */
const KINDS = [
  [/\/node$/, "Node's code and data"],
  [/\.so|\.node$/, 'shared libraries, the addon'],
  [/bpf-map/, 'ring buffer'],
  [/^\[heap\]$/, "malloc's heap"],
  [/^\[/, 'stack and kernel pages'],
  [/^$/, "V8's heap and code, thread stacks, batches"],
  [/./, 'other files'],
];

/** The memory of a running tool, and where it goes, beside a Node that does nothing. */
export async function memory({ packagePath, folder }) {
  const env = { PATH: process.env.PATH, HOME: folder };
  const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { env, stdio: 'ignore' });
  const tool = spawn(process.execPath, [EBPM, 'run', packagePath, '--filtered_pid', String(process.pid)], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await once(tool.stderr, 'data');
    await sleep(2000);
    const before = residentKiB(idle.pid);
    const now = residentKiB(tool.pid);
    console.log('\nresident memory, MiB       node, idle    ebpm run');
    for (const [, kind] of [...KINDS, [/./, 'in all']]) {
      console.log(`  ${kind.padEnd(44)} ${mebibytes(before[kind])} ${mebibytes(now[kind])}`);
    }
  } finally {
    for (const child of [idle, tool]) {
      child.kill('SIGINT');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  }
}

function mebibytes(kib = 0) {
  return (kib / 1024).toFixed(1).padStart(11);
}

function residentKiB(pid) {
  const sums = { 'in all': 0 };
  let kind = '';
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const [, name] = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];
    if (name !== undefined) kind = KINDS.find(([pattern]) => pattern.test(name))[1];
    const [, kib] = /^Rss: +(\d+) kB$/.exec(line) ?? [];
    if (kib === undefined) continue;
    sums[kind] = (sums[kind] ?? 0) + Number(kib);
    sums['in all'] += Number(kib);
  }
  return sums;
}
