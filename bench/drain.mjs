import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileBpf, compileC } from './compile.mjs';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const CONSUME = fileURLToPath(new URL('consume.mjs', import.meta.url));
/** More events than 16 MB hold, so that the buffer is full. */
const EVENTS = 360_000;
/** How often a process fills and drains the buffer; the first rounds are left out, until the JIT compiler has seen enough. */
const IN_A_ROW = 16;
const WARM_AFTER = 4;

const TITLES = {
  copy: 'draining a full ring buffer of 16 MB',
  json: 'draining it as NDJSON into /dev/null',
  table: 'draining it as a table into /dev/null',
};

/** Draining a full ring buffer, beside a C program that uses libbpf and printf. */
export async function drain({ folder, rounds }) {
  const words = [compileBpf('flood', folder), compileC('flood', folder)];
  const programs = { 'C with libbpf': [compileC('consume', folder)], ebpm: [process.execPath, CONSUME] };
  checkSameJson(programs, words, folder);
  for (const [mode, title] of Object.entries(TITLES)) {
    const alternatives = Object.fromEntries(
      Object.entries(programs).map(([name, program]) => [
        name,
        () => timesOf([...program, ...words, mode, String(IN_A_ROW), String(EVENTS)]),
      ]),
    );
    const runs = await interleave(alternatives, rounds);
    printTable(title, Object.fromEntries(Object.entries(runs).map(([name, processes]) => [name, processes.flat()])));
  }
}

/** Milliseconds of each warm round. */
function timesOf(words) {
  const lines = consume(words, 'ignore').trim().split('\n');
  return lines.slice(WARM_AFTER).map((line) => Number(line.split(' ')[0]) / 1e6);
}

/** Both must print the same: what differs between two runs are the time, the pid and the CPU. */
function checkSameJson(programs, words, folder) {
  const [left, right] = Object.values(programs).map((program, index) => {
    const path = join(folder, `json-${index}`);
    const file = openSync(path, 'w');
    consume([...program, ...words, 'json', '1', '20000'], file);
    closeSync(file);
    return readFileSync(path, 'latin1').replace(/"(time|pid|cpu)":\d+/g, '"$1":0');
  });
  if (left !== right || left.length < 20_000) throw new Error('C and ebpm do not print the same JSON');
}

function consume([program, ...words], stdout) {
  const { stderr, status } = spawnSync(program, words, { stdio: ['ignore', stdout, 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stderr;
}
