// Starts runs, ends them in every way, and writes down what it saw.
// Usage: node drive.mjs REQUEST RESULT (JSON files).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/** `ebpm`: words that start it. */
const { ebpm, sigsnoop, programIdsPath } = JSON.parse(readFileSync(requestPath, 'utf8'));
const MINE = ['--filtered_pid', String(process.pid)];

const result = {
  interrupted: await endedBy('SIGINT'),
  killed: await endedBy('SIGKILL'),
  kept: await endedBy('SIGTERM', ['--keep-privileges']),
  background: await inBackground(),
};
writeFileSync(resultPath, JSON.stringify(result));

/** A run of sigsnoop that sees a few signals and is then ended. */
async function endedBy(signal, flags = []) {
  const before = programIds();
  const run = await start(['run', '--json', ...flags, sigsnoop, ...MINE]);
  const attached = programIds().filter((id) => !before.includes(id));
  const threads = threadsOf(run.child.pid);
  for (let round = 0; round < 5; round++) process.kill(process.pid, 0);
  await until(() => run.stdout().split('\n').length > 5);
  // Of these nobody can have read anything when the end comes.
  for (let round = 0; round < 5; round++) process.kill(process.pid, 0);
  const from = performance.now();
  run.child.kill(signal);
  const [code] = await run.closed;
  const endMs = performance.now() - from;
  const gone = await until(() => programIds().every((id) => !attached.includes(id)));
  // The one that ended it may be among them or not.
  const events = run
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"sig":0')).length;
  return { code, endMs, threads, attached: attached.length, gone, events, stderr: run.stderr() };
}

async function inBackground() {
  const first = ebpmNow(['run', '--detach', '--name', 'signals', '--json', sigsnoop, ...MINE]);
  const clash = ebpmNow(['run', '--detach', '--name', 'signals', sigsnoop, ...MINE]);
  const second = ebpmNow(['run', '--detach', sigsnoop, ...MINE]);
  process.kill(process.pid, 0);
  await until(() => logged().includes('"sig":0'));
  const seen = logged();
  const paused = JSON.parse(ebpmNow(['pause', '--json', 'signals']).stdout);
  process.kill(process.pid, 0);
  const whilePaused = logged();
  ebpmNow(['resume', 'signals']);
  await until(() => logged() !== whilePaused);
  const afterResume = logged();
  const running = JSON.parse(ebpmNow(['ps', '--json']).stdout).runs;
  const threads = running.map(({ pid }) => threadsOf(pid));
  const stopped = ebpmNow(['stop', 'signals']);
  const again = ebpmNow(['stop', 'signals']);
  const unknown = ebpmNow(['stop', 'nothing']);
  const victim = running.find(({ id }) => id === second.stdout.trim());
  process.kill(victim?.pid ?? Number.NaN, 'SIGKILL');
  await sleep(300);
  const ids = [first, second].map(({ stdout }) => stdout.trim());
  // Others that have ended may be known, too.
  const all = JSON.parse(ebpmNow(['ps', '--all', '--json']).stdout).runs.filter(({ id }) => ids.includes(id));
  const ended = ebpmNow(['logs', 'signals']);
  for (const id of ids) rmSync(`/run/ebpm/runs/${id}`, { recursive: true });
  return {
    first,
    clash,
    second,
    seen,
    paused,
    whilePaused,
    afterResume,
    running,
    threads,
    stopped,
    again,
    unknown,
    all,
    ended,
  };
}

function logged() {
  return ebpmNow(['logs', 'signals']).stdout;
}

function ebpmNow(words) {
  const { status, stdout, stderr } = spawnSync(ebpm[0], [...ebpm.slice(1), ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Starts a command and waits until its programs are attached. */
async function start(words) {
  const child = spawn(ebpm[0], [...ebpm.slice(1), ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (chunk) => {
      text[name] += chunk;
    });
  }
  await until(() => text.stderr.includes(': attached ') || child.exitCode !== null);
  return { child, closed, stdout: () => text.stdout, stderr: () => text.stderr };
}

/** What the kernel says of each thread of a process. */
function threadsOf(pid) {
  return readdirSync(`/proc/${pid}/task`).map((tid) => {
    const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    const wanted = /^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs):[ \t]*(.*?)[ \t]*$/gm;
    return Object.fromEntries([...status.matchAll(wanted)].map(([, name, value]) => [name, value]));
  });
}

function programIds() {
  const { stdout, status } = spawnSync(programIdsPath, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${programIdsPath} ended with ${status}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Whether it became true in time. */
async function until(condition, limitMs = 30_000) {
  const from = Date.now();
  while (!condition()) {
    if (Date.now() - from > limitMs) return false;
    await sleep(20);
  }
  return true;
}
