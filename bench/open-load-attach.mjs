import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillBtfCache } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';
import { compileBpf, compileC } from './compile.mjs';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));
/** Objects in one process. The first meets code that was never run; after some more the JIT compiler has seen enough. */
const IN_A_ROW = 12;
const WARM_AFTER = 6;
/** The cache counts only where nobody but root can write, so not in the system's temporary folder. */
const CACHES = '/var/cache';

/** Open, load and attach of seven tracepoints through the addon, beside a C program that uses libbpf directly. */
export async function openLoadAttach({ folder, rounds }) {
  const object = compileBpf('seven', folder);
  const program = compileC('load', folder);
  const cache = mkdtempSync(`${CACHES}/ebpm-bench-`);
  try {
    chmodSync(cache, 0o755);
    fillBtfCache(cache, CheckedObject.read(readFileSync(object)));
    // A filter by our own pid: nothing of other processes is looked at.
    const words = [object, 'seven', IN_A_ROW, '.rodata', 0, process.pid].map(String);
    const runs = await interleave(
      {
        'C with libbpf': () => timesOf(program, words),
        'ebpm, first run': () => timesOf(process.execPath, [LOAD, ...words]),
        'ebpm, from the second run on': () => timesOf(process.execPath, [LOAD, ...words, cache]),
      },
      rounds,
    );
    printTable('open + load + attach of 7 programs, the first object of a process', timesAt(runs, 0, 1));
    printTable('open + load + attach of 7 programs, later ones', timesAt(runs, WARM_AFTER, IN_A_ROW));
  } finally {
    rmSync(cache, { recursive: true });
  }
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
