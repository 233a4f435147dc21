import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type Command, ebpm } from './in-process.js';
import { MAIN } from './processes.js';
import type { Request } from './request.js';

/** Several starts at once that want the same name; the one that has it is then halted, and told to stop. */
export async function racedAndHalted({ sigsnoop }: Request) {
  const mine = [sigsnoop, '--filtered_pid', String(process.pid)];
  const starts = await Promise.all([1, 2, 3].map(() => startDetached(['--name', 'race', ...mine])));
  const running: readonly { id: string; name?: string; pid: number }[] = JSON.parse(
    (await ebpm(['ps', '--json'])).stdout,
  ).runs;
  const owners = running.filter(({ name }) => name === 'race');
  const [owner] = owners;
  if (owner === undefined) return { starts, owners: 0 };
  process.kill(owner.pid, 'SIGSTOP');
  const from = Date.now();
  const stopped = await ebpm(['stop', '--json', 'race']);
  const waitedMs = Date.now() - from;
  rmSync(`/run/ebpm/runs/${owner.id}`, { recursive: true });
  return { starts, owners: owners.length, stopped: JSON.parse(stopped.stdout), waitedMs };
}

async function startDetached(words: readonly string[]): Promise<Command> {
  const child = spawn(process.execPath, [MAIN, 'run', '--detach', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const [status] = await once(child, 'close');
  return { status, ...text };
}
