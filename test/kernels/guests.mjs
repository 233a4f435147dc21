// Runs in a lab kernel or natively: runs WASM packages one after another, starts what their lines ask for, does to them what it is told, and
// writes down everything that came of it. Usage: node guests.mjs REQUEST RESULT (JSON files).
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [requestPath, resultPath] = process.argv.slice(2);
/**
 * `ebpm`: the words that start it; `caller`, `actor` and `programIds`: the programs of this folder; `runs`: by name, `words` of `ebpm run`, in which CGROUP and CPUS
 * stand for what is known only here, and perhaps `once`, what is done when the run has said "ready".
 */
const { ebpm, caller, actor, programIds, runs } = JSON.parse(readFileSync(requestPath, 'utf8'));
/** The end of a run that hangs is part of what is written down. */
const LIMIT_MS = 200_000;

const network = readlinkSync('/proc/self/ns/net');
const cgroup = `${cgroupRoot()}/ebpm-guests-${process.pid}`;
const cpus = String(possibleCpus());
mkdirSync(cgroup);
// A network of our own has a loopback interface that is down.
spawnSync('ip', ['link', 'set', 'lo', 'up']);
/** What is done to a run, by name; what it gives is written down. */
const ACTIONS = {
  inspect: (run) => {
    const [guest] = guestsOf(run.pid);
    const seen = { threads: threadsOf(guest), descriptors: descriptorsOf(guest) };
    run.kill('SIGINT');
    return seen;
  },
  interrupt: (run) => {
    run.kill('SIGINT');
  },
  'kill the guest': (run) => {
    process.kill(guestsOf(run.pid)[0], 'SIGKILL');
  },
  'kill the run': async (run) => {
    const [guest] = guestsOf(run.pid);
    const during = kernelIds().length;
    run.kill('SIGKILL');
    await until(() => !guests().includes(guest));
    return { during, isGuestGone: !guests().includes(guest) };
  },
  'close stdout': (run) => {
    run.stdout.destroy();
  },
};

const results = {};
for (const [name, run] of Object.entries(runs)) results[name] = await observed(run);
rmdirSync(cgroup);
writeFileSync(resultPath, JSON.stringify(results));

async function observed({ words, once: action, env = {} }) {
  const before = kernelIds();
  const started = Date.now();
  const placed = words.map((word) => word.replaceAll('CGROUP', cgroup).replaceAll('CPUS', cpus));
  const run = spawn(ebpm[0], [...ebpm.slice(1), 'run', ...placed], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  // After its end, and that of its output.
  const ended = once(run, 'close');
  const done = [];
  const stdout = lines(run.stdout, (line) => {
    if (line.startsWith('act ')) done.push(act(line.split(' ').slice(1)));
    if (line === 'ready') done.push(ACTIONS[action]?.(run));
  });
  const stderr = lines(run.stderr, () => {});
  const hangs = setTimeout(() => run.kill('SIGKILL'), LIMIT_MS);
  const [code, signal] = await ended;
  clearTimeout(hangs);
  const seen = Object.assign({}, ...(await Promise.all(done)));
  const left = () => kernelIds().filter((id) => !before.includes(id));
  // The kernel lets go of programs a little after the process that loaded them has ended.
  await until(() => left().length === 0 && guestsOf(run.pid).length === 0);
  const ms = Date.now() - started;
  return { code, signal, stdout: stdout(), stderr: stderr(), left: left(), guestsLeft: guests(), ms, ...seen };
}

/** Does what a guest waits for. */
async function act([what, ...words]) {
  const [program, args] =
    what === 'call' ? [caller, words] : [actor, what === 'talk' ? ['-g', cgroup, 'talk'] : [what]];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
}

function guestsOf(parent) {
  return guests().filter((pid) => statusOf(`/proc/${pid}/status`).PPid === String(parent));
}

/** The processes of guests, but for those of a machine's other networks. */
function guests() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandOf(name).includes('guest-entry.js') && networkOf(name) === network)
    .map(Number);
}

function networkOf(pid) {
  return orGone(() => readlinkSync(`/proc/${pid}/ns/net`));
}

function commandOf(pid) {
  return orGone(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
}

/** Empty for a process that has ended meanwhile. */
function orGone(read) {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return '';
    throw error;
  }
}

function threadsOf(pid) {
  return readdirSync(`/proc/${pid}/task`).map((tid) => statusOf(`/proc/${pid}/task/${tid}/status`));
}

function statusOf(path) {
  const pairs = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  return Object.fromEntries(pairs);
}

function descriptorsOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
}

/** Ids of every program, link and map in the kernel. */
function kernelIds() {
  return execFileSync(programIds, ['all'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

function cgroupRoot() {
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2');
  return mount[1];
}

function possibleCpus() {
  const possible = readFileSync('/sys/devices/system/cpu/possible', 'utf8');
  return Number(possible.trim().split(/[-,]/).at(-1)) + 1;
}

/** Calls back for each line as it comes; gives what gives all that came. */
function lines(stream, onLine) {
  const pieces = [];
  let begun = '';
  stream.setEncoding('utf8').on('data', (piece) => {
    pieces.push(piece);
    const ended = `${begun}${piece}`.split('\n');
    begun = ended.pop();
    for (const line of ended) onLine(line);
  });
  return () => pieces.join('');
}

async function until(condition, limitMs = 5_000) {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(20);
}
