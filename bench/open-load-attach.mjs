import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compileBpf, compileC } from './compile.mjs';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));
/** Objects in one process. The first meets code that was never run; after some more the JIT compiler has seen enough. */
const IN_A_ROW = 12;
const WARM_AFTER = 6;

/** Open, load and attach of seven tracepoints through the addon, beside a C program that uses libbpf directly. */
export async function openLoadAttach({ folder, rounds }) {
  const object = compileBpf('seven', folder);
  const program = compileC('load', folder);
  // A filter by our own pid: nothing of other processes is looked at.
  const words = [object, 'seven', IN_A_ROW, '.rodata', 0, process.pid].map(String);
  const runs = await interleave(
    {
      'C with libbpf': () => timesOf(program, words),
      ebpm: () => timesOf(process.execPath, [LOAD, ...words]),
    },
    rounds,
  );
  printTable('open + load + attach of 7 programs, the first object of a process', timesAt(runs, 0, 1));
  printTable('open + load + attach of 7 programs, later ones', timesAt(runs, WARM_AFTER, IN_A_ROW));
}

/** Milliseconds of each round. */
function timesOf(program, words) {
  const lines = execFileSync(program, words, { encoding: 'utf8' }).trim().split('\n');
  return { times: lines.map((ns) => Number(ns) / 1e6) };
}

function timesAt(runs, from, to) {
  return Object.fromEntries(
    Object.entries(runs).map(([name, processes]) => [name, processes.flatMap(({ times }) => times.slice(from, to))]),
  );
}
