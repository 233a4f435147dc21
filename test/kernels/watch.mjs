// Runs in a lab kernel or natively: several runs of ebpm, one after another, each with a workload of its own that acts while the programs
// are attached. Writes down everything that came out. Usage: node watch.mjs REQUEST RESULT (JSON files).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/** Of each: `ebpm`, words in which SELF is the workload's pid; `workload`, words; `file`, read afterwards; `kill`, ends it with SIGKILL. */
const watches = JSON.parse(readFileSync(requestPath, 'utf8'));
const INSTANCES = '/sys/kernel/tracing/instances';

const results = {};
for (const watch of watches) results[watch.name] = await run(watch);
writeFileSync(resultPath, JSON.stringify(results));

async function run({ ebpm, workload, file, kill }) {
  const worker = spawn(workload[0], workload.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = collect(worker.stdout);
  await until(() => said.text().includes('\n'));
  const pid = Number(said.text().split(' ')[1]);
  const words = ebpm.map((word) => (word === 'SELF' ? String(pid) : word));
  const child = spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  await until(() => stderr.text().includes(': attached ') || child.exitCode !== null);
  const during = instances();
  worker.stdin.write('go\n');
  await until(() => said.text().includes('done\n') || worker.exitCode !== null);
  // A round of every sampled map, and a turn of the trace pipe.
  await sleep(1300);
  child.kill(kill === true ? 'SIGKILL' : 'SIGINT');
  const [code] = await exited;
  worker.stdin.end();
  const drawn = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
  return { pid, code, stdout: stdout.text(), stderr: stderr.text(), file: drawn, during, after: instances() };
}

/** The tracefs instances that are ours by name. */
function instances() {
  return existsSync(INSTANCES) ? readdirSync(INSTANCES).filter((name) => name.startsWith('ebpm-')) : [];
}

function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return { text: () => Buffer.concat(chunks).toString('utf8') };
}

async function until(condition, limitMs = 60_000) {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(20);
}
