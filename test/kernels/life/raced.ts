import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type Command, ebpm } from './in-process.js';
import { MAIN } from './processes.js';
import type { Request } from './request.js';

/** Several processes that start a run at once and want the same name for it. */
export async function raced({ sigsnoop }: Request) {
  const mine = [sigsnoop, '--filtered_pid', String(process.pid)];
  const starts = await Promise.all([1, 2, 3].map(() => startDetached(['--name', 'crowd', ...mine])));
  const running: readonly { id: string; name?: string }[] = JSON.parse((await ebpm(['ps', '--json'])).stdout).runs;
  const owners = running.filter(({ name }) => name === 'crowd');
  for (const { id } of owners) {
    await ebpm(['stop', id]);
    rmSync(`/run/ebpm/runs/${id}`, { recursive: true });
  }
  return { starts, owners: owners.length };
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
