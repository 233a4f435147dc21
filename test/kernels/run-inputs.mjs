// Runs in a lab kernel or natively: starts several `ebpm run` at once, calls kill() while all of their programs are attached, and
// writes down what each printed. Usage: node run-inputs.mjs REQUEST RESULT (JSON files).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/** `runs`: words and environment by name; SELF among the words is this process. `kills`: pid and signal of each call. */
const { runs, kills } = JSON.parse(readFileSync(requestPath, 'utf8'));

const started = Object.entries(runs).map(([name, { words, env }]) => start(name, words, env));
await until(() => started.every(({ isAttached, child }) => isAttached() || child.exitCode !== null));
for (const [pid, signal] of kills) call(pid, signal);
const ends = await Promise.all(started.map((run) => run.end()));
writeFileSync(resultPath, JSON.stringify({ pid: process.pid, comm: comm(), ends: Object.fromEntries(ends) }));

function start(name, words, env) {
  const [program, ...args] = words.map((word) => (word === 'SELF' ? String(process.pid) : word));
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      output[stream] += text;
    });
  }
  const closed = once(child, 'close');
  return {
    child,
    isAttached: () => output.stderr.includes(': attached '),
    end: async () => {
      const late = setTimeout(() => child.kill('SIGINT'), 20_000);
      const [code] = await closed;
      clearTimeout(late);
      return [name, { code, ...output }];
    },
  };
}

/** Nobody has these numbers, so that nothing is hit. */
function call(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function comm() {
  return readFileSync('/proc/self/comm', 'utf8').trim();
}

async function until(condition, limitMs = 240_000) {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(20);
}
