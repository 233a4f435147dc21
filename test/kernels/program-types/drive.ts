// Runs in a lab kernel: attaches each kind of program, triggers it, looks at the effect, detaches it, and looks at what stays behind.
// All in one process with one shell, since starting processes is what takes time there. Usage: node drive.mjs RESULT
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { removeRemains } from '@ebpm/loader';
import { CASES } from './cases.js';
import { COMMANDS } from './commands.js';
import { kernelState, remainder } from './kernel-state.js';
import type { KilledRow, Row } from './row.js';
import { runCase } from './run-case.js';
import { runCommand } from './run-command.js';
import { Shell } from './shell.js';

async function main(resultPath: string): Promise<void> {
  const shell = new Shell();
  await prepareNetwork(shell);
  mkdirSync('/sys/fs/cgroup/types');
  const rows: Row[] = [];
  for (const one of CASES) rows.push(await timed(() => runCase(shell, one)));
  const commands: Record<string, readonly string[]> = {};
  for (const command of COMMANDS) {
    const before = await kernelState(shell, true);
    commands[command.name] = await timed(async () => [
      ...(await runCommand(shell, command)),
      ...(await remainder(shell, before)),
    ]);
  }
  const killed = await timed(() => killAndClean(shell));
  writeFileSync(resultPath, JSON.stringify({ rows, killed, commands }));
  shell.close();
}

/** Says how long it took, for whoever wants this to take less. */
async function timed<T>(action: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await action();
  process.stderr.write(`${Math.round(performance.now() - from)} ms ${JSON.stringify(result)}\n`);
  return result;
}

/** An interface whose other end lies in a network namespace of its own, so that packets really pass. */
async function prepareNetwork(shell: Shell): Promise<void> {
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
    'head -c 64 /dev/zero >/test/packet',
    'ping -c 1 -W 5 10.9.0.2 >/tmp/ping',
    'echo ready',
  ];
  const said = await shell.run(steps.join(' && '));
  if (said !== 'ready') throw new Error(`the network is not as it should be: ${said}`);
}

/** Kills a process that holds what has no link, and takes back what it left. */
async function killAndClean(shell: Shell): Promise<KilledRow> {
  const before = await kernelState(shell, true);
  const holder = spawn(process.execPath, ['/test/hold.mjs'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(holder.stdout, 'data');
  const recorded: string[] = JSON.parse(String(line));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const stayed = (await kernelState(shell, true)).network !== before.network;
  const removed = removeRemains().map(({ kind }) => kind);
  return { recorded, stayed, removed, left: await remainder(shell, before), again: removeRemains().length };
}

await main(process.argv[2] ?? '');
