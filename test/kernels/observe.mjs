// Runs in a lab kernel or natively: starts `ebpm run` and a workload, lets the workload act while the programs are
// attached, and writes down everything that came out; for one observation after the other. Usage: node observe.mjs REQUEST RESULT
// (JSON files).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/**
 * A list of `ebpm`: words that start a run, in which SELF is the workload's pid; `workload`: words that start the workload;
 * `programIdsPath`: the program that lists the kernel's programs; `settleMs`: how long to wait from where programs are attached;
 * `quietMs`: for how long nothing more must come until it is ended.
 */
const requests = JSON.parse(readFileSync(requestPath, 'utf8'));
const results = [];
for (const request of requests) results.push(await observed(request));
writeFileSync(resultPath, JSON.stringify(results));

async function observed({ ebpm, workload, programIdsPath, settleMs, quietMs }) {
  const worker = spawn(workload[0], workload.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = await firstLine(worker.stdout);
  const [, pid, target] = ready.split(' ').map(Number);

  const before = programIds(programIdsPath);
  const words = ebpm.map((word) => (word === 'SELF' ? String(pid) : word));
  const run = spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  // After its end, and that of its output.
  const ended = once(run, 'close');
  const stdout = collect(run.stdout);
  const stderr = collect(run.stderr);
  await until(() => /: attached[ ,]/.test(stderr.text()) || run.exitCode !== null);
  await sleep(settleMs);
  const attached = programIds(programIdsPath).filter((id) => !before.includes(id));

  worker.stdin.write('go\n');
  await once(worker, 'exit');
  await quiet(stdout, quietMs);
  run.kill('SIGINT');
  const [code] = await ended;
  const left = () => programIds(programIdsPath).filter((id) => attached.includes(id));
  // Programs go when the last reader has left them, a little after the process that loaded them.
  await until(() => left().length === 0, 5_000);
  return { pid, target, code, stdout: stdout.text(), stderr: stderr.text(), attached, left: left() };
}

function programIds(path) {
  const { stdout, status } = spawnSync(path, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path} ended with ${status}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function collect(stream) {
  const chunks = [];
  let lastAt = Date.now();
  stream.on('data', (chunk) => {
    chunks.push(chunk);
    lastAt = Date.now();
  });
  return { text: () => Buffer.concat(chunks).toString('latin1'), lastAt: () => lastAt };
}

/** Waits until nothing has come for a while, so that what is too much is seen too; others may never be quiet. */
async function quiet(output, ms) {
  const from = Date.now();
  await until(() => Date.now() - Math.max(from, output.lastAt()) > ms, ms + 2_300);
}

async function until(condition, limitMs = 60_000) {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(20);
}

async function firstLine(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('the workload ended before it was ready');
}
