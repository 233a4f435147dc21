// Runs in a lab kernel or natively: lets a module start a tool, gives the tool something to tell, and kills the broker of another run. Usage:
// node tools.mjs REQUEST RESULT (JSON files); EBPM_HOME has the packages.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/** `ebpm`: the words that start it; `programIds`: the program of this folder; `started`: a program that does nothing. */
const { ebpm, programIds, started } = JSON.parse(readFileSync(requestPath, 'utf8'));
/** In software emulation a process of Node takes seconds to start. */
const LIMIT_MS = 120_000;

const before = kernelIds();
const summed = await run(['execs', '2', '--parent_pid', String(process.pid)], () => {
  for (const _turn of [1, 2]) spawnSync(started);
});
const left = await leftAfter();
const killed = await run(['execs', '1000000'], (child) => child.kill('SIGKILL'));
writeFileSync(resultPath, JSON.stringify({ summed, left, killed, leftOfKilled: await leftAfter() }));

async function run(words, onceAttached) {
  const child = spawn(ebpm[0], [...ebpm.slice(1), 'run', '--allow=sees-packet-payload', 'sums', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { stdout: '', stderr: '' };
  let during = [];
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      seen[name] += text;
      if (!seen.stderr.includes('attached, Ctrl-C ends') || during.length > 0) return;
      during = kernelIds().filter((id) => !before.includes(id));
      onceAttached(child);
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { code, signal, ...seen, during };
}

/** What is in the kernel that was not before; it is let go a little later than a run ends. */
async function leftAfter() {
  const news = () => kernelIds().filter((id) => !before.includes(id));
  for (const end = Date.now() + 20_000; news().length > 0 && Date.now() < end; ) await sleep(100);
  return news();
}

function kernelIds() {
  return execFileSync(programIds, ['all'], { encoding: 'utf8' }).split('\n').filter(Boolean);
}
