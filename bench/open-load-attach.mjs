import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** Objects in one process. The first meets code that was never run; after some more the JIT compiler has seen enough. */
const IN_A_ROW = 24;
const WARM_AFTER = 8;

/** Open, load and attach through the addon, beside a C program that uses libbpf directly. */
export async function openLoadAttach({ pkg, option, folder, rounds }) {
  const object = join(folder, 'object.o');
  const program = join(folder, 'load');
  writeFileSync(object, pkg.checked.bytes);
  execFileSync('cc', ['-O2', '-o', program, join(FOLDER, 'load.c'), '-lbpf', '-lelf', '-lz']);
  // A filter by our own pid: nothing of other processes is looked at.
  const words = [object, pkg.name, IN_A_ROW, option.section, option.offsetBytes, process.pid].map(String);
  const runs = await interleave(
    {
      'C with libbpf': () => timesOf(program, words),
      'the addon': () => timesOf(process.execPath, [join(FOLDER, 'load.mjs'), ...words]),
    },
    rounds,
  );
  const what = `open + load + attach of ${pkg.object.programs.length} programs`;
  printTable(`${what}, the first in a process`, timesAt(runs, 0, 1));
  printTable(`${what}, later in a process`, timesAt(runs, WARM_AFTER, IN_A_ROW));
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
