// Runs in a lab kernel: attaches each kind of program, triggers it, looks at the effect, detaches it, and looks at what stays behind.
// Usage: node drive.mjs RESULT, or node drive.mjs --hold: attaches what has no link, says so, and waits to be killed.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EbpmError } from '@ebpm/formats';
import { openObject, type RunningObject, removeRemains } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';
import { CASES, type Case } from './cases.js';
import { COMMANDS } from './commands.js';
import type { KilledRow, Row } from './row.js';
import { runCommand } from './run-command.js';

async function main(resultPath: string): Promise<void> {
  prepareNetwork();
  mkdirSync('/sys/fs/cgroup/types');
  const commands: Record<string, readonly string[]> = {};
  for (const command of COMMANDS) {
    const before = kernelState(true);
    commands[command.name] = [...(await runCommand(command)), ...(await remainder(before))];
    process.stderr.write(`${command.name}: ${commands[command.name]?.join('; ')}\n`);
  }
  const rows: Row[] = [];
  for (const one of CASES) {
    const startedAt = performance.now();
    const row = await runCase(one);
    rows.push(row);
    process.stderr.write(`${Math.round(performance.now() - startedAt)} ms ${JSON.stringify(row)}\n`);
  }
  const killed = await killAndClean();
  writeFileSync(resultPath, JSON.stringify({ rows, killed, commands }));
}

async function runCase(one: Case): Promise<Row> {
  const { type, variant, impossible } = one;
  const before = kernelState(one.targets?.ifname !== undefined);
  const helper = one.targets?.pid === 0 ? await startHelper() : undefined;
  let running: RunningObject;
  try {
    running = start(one, helper?.pid);
  } catch (error) {
    helper?.kill();
    if (!(error instanceof EbpmError)) throw error;
    const left = await remainder(before);
    const probe = error.data?.['probe'];
    if (error.code === 'EBPM_NOT_SUPPORTED' && typeof probe === 'string') {
      const { feature, minimumKernel } = error.data ?? {};
      return { type, variant, status: 'not supported', why: `${feature} needs ${minimumKernel}: ${probe}`, left };
    }
    const why = impossible === undefined ? error.message : `${impossible}: ${error.message}`;
    return { type, variant, status: impossible === undefined ? 'failed' : 'cannot be tested here', why, left };
  }
  const problems = await observe(one, running, helper);
  running.close();
  helper?.kill();
  const left = await remainder(before);
  const note = running.places.find((place) => place.note !== undefined)?.note;
  if (problems.length > 0) return { type, variant, status: 'failed', why: problems.join('; '), left };
  return { type, variant, status: 'attached', ...(note === undefined ? {} : { why: note }), left };
}

function start(one: Case, helper: number | undefined): RunningObject {
  const open = openObject(readOnce(one.object ?? 'types'), { name: 'types_bpf' });
  for (const { name } of open.programs) open.setAutoload(name, one.programs.includes(name));
  const targets = helper === undefined ? one.targets : { ...one.targets, pid: helper };
  try {
    return open.load().attach({ targets, settings: new Map(Object.entries(one.settings ?? {})) });
  } finally {
    open.close();
  }
}

const objects = new Map<string, CheckedObject>();

function readOnce(name: string): CheckedObject {
  const object = objects.get(name) ?? CheckedObject.read(readFileSync(`/test/${name}.o`));
  objects.set(name, object);
  return object;
}

/** Everything that is not as it must be. */
async function observe(
  one: Case,
  running: RunningObject,
  helper: ChildProcess | undefined,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const check = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) problems.push(`${what}: ${String(found)} instead of ${String(wanted)}`);
  };
  if (one.look === 'iterator') {
    const text = readIterator(running);
    check('own process in its text', new RegExp(`^${process.pid} node$`, 'm').test(text), true);
  }
  if (one.look === 'returned') check('value', running.returned[0]?.value, 7);
  const before = hits(running);
  if (one.look === undefined && one.keepsRunning !== true) check('runs before the trigger', before, 0n);
  check('the trigger prints', trigger(one, helper), one.prints ?? '0');
  const attached = hits(running);
  if (attached === 0n || (one.look === undefined && attached === before)) problems.push('it was not run');
  running.detach();
  // An RCU period may pass until the last CPU has left it.
  if (one.keepsRunning === true) await sleep(100);
  const detached = hits(running);
  const prints = trigger(one, helper);
  // The table of struct_ops has no name any more, and its trigger says so.
  check('the trigger prints when detached', prints, one.type === 'struct_ops' ? 'absent' : '0');
  check('runs when detached', hits(running), detached);
  return problems;
}

function trigger(one: Case, helper: ChildProcess | undefined): string {
  // The library that this very process uses.
  if (one.trigger === 'PPID') return process.ppid > 0 ? '0' : 'no parent';
  const env = { ...process.env, HELPER: String(helper?.pid ?? '') };
  const { stdout, stderr } = spawnSync('sh', ['-c', one.trigger], { encoding: 'utf8', env });
  return `${stdout}${stderr}`.trim();
}

/** A process that calls the traced function at each signal. */
async function startHelper(): Promise<ChildProcess> {
  const helper = spawn('/test/actor', ['serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(helper.stdout as NodeJS.ReadableStream, 'data');
  return helper;
}

/** The counter of the object: alone or first in .bss. */
function hits(running: RunningObject): bigint {
  const [entry] = running.readMap('.bss');
  return entry === undefined ? 0n : Buffer.from(entry.value).readBigUInt64LE(0);
}

function readIterator(running: RunningObject): string {
  const [name = ''] = running.iterators;
  const descriptor = running.openIterator(name);
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(4096);
    const size = readSync(descriptor, piece);
    if (size === 0) break;
    pieces.push(piece.subarray(0, size));
  }
  closeSync(descriptor);
  return Buffer.concat(pieces).toString();
}

interface KernelState {
  /** Programs and links. */
  readonly ids: readonly string[];
  readonly network: string;
}

/** What a run could leave behind: programs, links, qdiscs and filters of the interface. */
function kernelState(ofInterface: boolean): KernelState {
  const ids = execFileSync('/test/program-ids', ['links'], { encoding: 'utf8' }).split('\n');
  return { ids, network: ofInterface ? interfaceState() : '' };
}

function interfaceState(): string {
  const script =
    'for what in "qdisc show dev v0" "filter show dev v0 ingress" "filter show dev v0 egress"; do /test/tc $what; done';
  return spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout;
}

/** What is there and was not before, once the kernel has had time to let go. */
async function remainder(before: KernelState): Promise<readonly string[]> {
  for (let round = 0; ; round++) {
    const now = kernelState(before.network !== '');
    const left = [
      ...now.ids.filter((id) => !before.ids.includes(id)),
      ...(now.network === before.network ? [] : [now.network]),
    ];
    if (left.length === 0 || round === MOST_ROUNDS) return left;
    await sleep(50);
  }
}

/** Programs go when the last reader has left them, some milliseconds after their links. */
const MOST_ROUNDS = 100;

/** An interface whose other end lies in a network namespace of its own, so that packets really pass. */
function prepareNetwork(): void {
  const steps = [
    'mkdir -p /var/run',
    '/test/ip netns add peer',
    '/test/ip link add v0 type veth peer name v1 netns peer',
    '/test/ip addr add 10.9.0.1/24 dev v0',
    '/test/ip link set v0 up',
    '/test/ip netns exec peer /test/ip addr add 10.9.0.2/24 dev v1',
    '/test/ip netns exec peer /test/ip link set v1 up',
    // Receive packet steering asks for the hash of each packet, and so for its dissection.
    'echo 1 >/sys/class/net/v0/queues/rx-0/rps_cpus',
    'ping -c 1 -W 5 10.9.0.2 >/dev/null',
  ];
  for (const step of steps) execFileSync('sh', ['-c', step]);
  writeFileSync('/test/packet', Buffer.alloc(64));
}

/** What has no link on some kernel, held until a kill. */
const HELD = ['tc', 'struct_ops'];

function hold(): void {
  const held = HELD.flatMap((type) => CASES.find((one) => one.type === type) ?? []);
  const running = held.map((one) => start(one, undefined));
  console.log(JSON.stringify(running.flatMap(({ remains }) => remains.map(({ kind }) => kind))));
  setInterval(() => {}, 1000);
}

/** Kills a process that holds what has no link, and takes back what it left. */
async function killAndClean(): Promise<KilledRow> {
  const before = kernelState(true);
  const holder = spawn(process.execPath, [process.argv[1] ?? '', '--hold'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(holder.stdout as NodeJS.ReadableStream, 'data');
  const recorded: string[] = JSON.parse(String(line));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await sleep(500);
  const stayed = interfaceState() !== before.network;
  const removed = removeRemains().map(({ kind }) => kind);
  return { recorded, stayed, removed, left: await remainder(before), again: removeRemains().length };
}

const [mode = ''] = process.argv.slice(2);
if (mode === '--hold') hold();
else await main(mode);
