// `node bench/check.mjs`: how long `ebpm check` takes, a whole process, with all CO-RE relocations resolved against this kernel's BTF. It needs
// a kernel with BTF, and root for what is probed. The packages are those of the golden facts; processor time is that of the process and all it starts.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EBPM } from './ebpm.mjs';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const FOLDER = new URL('../packages/object/test/facts/golden/', import.meta.url);
const ROUNDS = Number(process.env.EBPM_BENCH_ROUNDS ?? 9);

const packages = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const checks = packages.map((file) => [
  `ebpm check ${file.replace(/\.json$/, '')}`,
  [EBPM, 'check', fileURLToPath(new URL(file, FOLDER))],
]);
const commands = { 'node -e 0': ['-e', '0'], 'ebpm --version': [EBPM, '--version'], ...Object.fromEntries(checks) };
// What Node makes of other variables (certificates, options) takes longer than all that is measured.
const env = { PATH: process.env.PATH, HOME: process.env.HOME };
const wall = {};
const processor = Object.fromEntries(
  Object.entries(commands).map(([name, words]) => [
    name,
    () => {
      const started = performance.now();
      const before = processorMs();
      spawnSync(process.execPath, words, { env, stdio: 'ignore' });
      wall[name] = [...(wall[name] ?? []), performance.now() - started];
      return processorMs() - before;
    },
  ]),
);
const samples = await interleave(processor, ROUNDS);
printTable('whole process, by the clock', wall);
printTable('whole process, processor time', samples);

/** Of the processes that this one has started and that have ended. @see proc_pid_stat(5): cutime and cstime, in ticks of 10 ms */
function processorMs() {
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
