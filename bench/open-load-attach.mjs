import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** Objects in one process: the first of each is left out, since it also loads code from the disk. */
const IN_A_ROW = 6;

/** Open, load and attach through the addon, beside a C program that uses libbpf directly. */
export async function openLoadAttach({ pkg, option, folder, rounds }) {
  const object = join(folder, 'object.o');
  const program = join(folder, 'load');
  writeFileSync(object, pkg.elf);
  execFileSync('cc', ['-O2', '-o', program, join(FOLDER, 'load.c'), '-lbpf', '-lelf', '-lz']);
  // A filter by our own pid: nothing of other processes is looked at.
  const words = [object, pkg.name, IN_A_ROW, option.section, option.offsetBytes, process.pid].map(String);
  const samples = await interleave(
    {
      'C with libbpf': () => timesOf(program, words),
      'the addon': () => timesOf(process.execPath, [join(FOLDER, 'load.mjs'), ...words]),
    },
    rounds,
  );
  printTable(`open + load + attach of ${pkg.object.programs.length} programs`, samples);
}

function timesOf(program, words) {
  const lines = execFileSync(program, words, { encoding: 'utf8' }).trim().split('\n');
  return lines.slice(1).map((ns) => Number(ns) / 1e6);
}
