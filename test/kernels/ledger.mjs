// Runs in a lab kernel: runs packages while a flood of system calls goes on, and writes down what ebpm said was lost and what
// the programs themselves counted. Usage: node ledger.mjs REQUEST RESULT (JSON files).
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/**
 * `ebpm`: the words that start ebpm; `flood`: the program that makes system calls; `runs`: by name, words and calls, and perhaps what the run
 * must have said before it is ended.
 */
const { ebpm, flood, runs } = JSON.parse(readFileSync(requestPath, 'utf8'));
/** The programs of the fixtures, and our own. */
const OURS = ['flood', 'nested', 'in_tracepoint', 'in_kprobe', 'left_out', 'sampler', 'ebpm_refusals'];

const results = {};
for (const [name, run] of Object.entries(runs)) results[name] = await observed(run);
results.programsLeft = await programsLeft();
writeFileSync(resultPath, JSON.stringify(results));

async function observed({ words, calls, until: text }) {
  const run = spawn(ebpm[0], [...ebpm.slice(1), 'run', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  // After its end, and that of its output.
  const exited = once(run, 'close');
  const stdout = collect(run.stdout);
  const stderr = collect(run.stderr);
  await until(() => stderr().includes(': attached ') || run.exitCode !== null);
  const started = Date.now();
  const flooding = spawn(flood, [String(calls)], { stdio: 'ignore' });
  await Promise.race([once(flooding, 'exit'), exited]);
  flooding.kill();
  // Nothing floods any more: what was lost is lost, and what was sent can be read.
  await sleep(300);
  if (text !== undefined) await until(() => stderr().includes(text) || run.exitCode !== null);
  const own = run.exitCode === null ? globals() : {};
  run.kill('SIGINT');
  const [code] = await exited;
  const lines = stdout().trimEnd().split('\n');
  return { code, own, ledger: lines.at(-1), events: lines.length - 1, stderr: stderr(), ms: Date.now() - started };
}

/** What the programs count in .bss, by the name of the variable. */
function globals() {
  const maps = bpftool('map', 'list').filter(({ name }) => name?.endsWith('.bss'));
  const sections = maps.flatMap(({ id }) => bpftool('map', 'dump', 'id', String(id)));
  return Object.assign({}, ...sections.flatMap(({ formatted }) => formatted.value['.bss']));
}

async function programsLeft() {
  const left = () => bpftool('prog', 'list').filter(({ name }) => OURS.includes(name));
  await until(() => left().length === 0, 5_000);
  return left().map(({ name }) => name);
}

function bpftool(...words) {
  return JSON.parse(execFileSync('bpftool', ['-j', ...words], { encoding: 'utf8' }));
}

function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

async function until(condition, limitMs = 90_000) {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(20);
}
