// Runs in a lab kernel: starts several tools that watch the same things, lets a workload act while all of them are attached, and
// writes down what each printed. Usage: node watch.mjs REQUEST RESULT (JSON files).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/**
 * `tools`: words that start each, in which SELF is the workload's pid; `workload`: words that start the workload; `lineBuffered`: a library
 * that makes C programs write their lines at once.
 */
const { tools, workload, programIdsPath, lineBuffered } = JSON.parse(readFileSync(requestPath, 'utf8'));
const env = { ...process.env, LD_PRELOAD: lineBuffered, _STDBUF_O: 'L' };

const worker = spawn(workload[0], workload.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
const [ready] = await once(worker.stdout, 'data');
const [, pid, target] = String(ready).split(' ').map(Number);

const watchers = [];
// One after another: on one emulated CPU they would only keep each other waiting.
for (const [name, words] of Object.entries(tools)) watchers.push(await start(name, words));

worker.stdin.write('go\n');
await once(worker, 'exit');
await until(() => watchers.every(({ stdout }) => Date.now() - stdout.lastAt() > 4_000), 60_000);
for (const { child } of watchers) child.kill('SIGINT');
const results = await Promise.all(watchers.map(ended));
writeFileSync(resultPath, JSON.stringify({ pid, target, tools: Object.fromEntries(results) }));

async function start(name, words) {
  const before = programs();
  const started = Date.now();
  const child = spawn(words[0], words.slice(1).map(withPid), { stdio: ['ignore', 'pipe', 'pipe'], env });
  const watcher = {
    name,
    child,
    end: once(child, 'close'),
    stdout: collect(child.stdout),
    stderr: collect(child.stderr),
  };
  // It is attached when its programs are there and no more come.
  let count = before;
  let same = 0;
  await until(() => {
    const now = programs();
    same = now > before && now === count ? same + 1 : 0;
    count = now;
    return same === 4 || child.exitCode !== null;
  }, 120_000);
  process.stderr.write(`${name}: ${count - before} programs after ${Date.now() - started} ms\n`);
  return watcher;
}

async function ended({ name, child, end, stdout, stderr }) {
  // On an emulated CPU, detaching dozens of programs takes a while, and bpftrace prints its maps after that.
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [code, signal] = await end;
  clearTimeout(timer);
  return [name, { code, signal, stdout: stdout.text(), stderr: stderr.text() }];
}

function withPid(word) {
  return word.replaceAll('SELF', String(pid));
}

function programs() {
  return spawnSync(programIdsPath, { encoding: 'utf8' }).stdout.split('\n').length;
}

async function until(condition, limitMs) {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(300);
}

function collect(stream) {
  const chunks = [];
  let lastAt = 0;
  stream.on('data', (chunk) => {
    chunks.push(chunk);
    lastAt = Date.now();
  });
  return { text: () => Buffer.concat(chunks).toString('latin1'), lastAt: () => lastAt };
}
