import { existsSync, rmSync } from 'node:fs';
import { ebpm } from './in-process.js';
import { kernelIds, threadsOf, until } from './processes.js';
import type { Request } from './request.js';

/** A run in the background through its life, and another that is killed; told by name and by id in turns. */
export async function inBackground({ programIds, sigsnoop }: Request) {
  const mine = [sigsnoop, '--filtered_pid', String(process.pid)];
  const before = kernelIds(programIds);
  const first = await ebpm(['run', '--detach', '--name', 'signals', '--json', ...mine]);
  const clash = await ebpm(['run', '--detach', '--name', 'signals', ...mine]);
  const second = await ebpm(['run', '--detach', ...mine]);
  const [id, secondId] = [first.stdout.trim(), second.stdout.trim()];
  const followed = ebpm(['logs', '-f', 'signals']);
  process.kill(process.pid, 0);
  await until(async () => (await logged('signals')).includes('"sig":0'));
  const seen = await logged('signals');
  const paused = JSON.parse((await ebpm(['pause', '--json', 'signals'])).stdout);
  process.kill(process.pid, 0);
  const whilePaused = await logged(id);
  await ebpm(['resume', id]);
  await until(async () => (await logged('signals')) !== whilePaused);
  const afterResume = await logged('signals');
  const running: readonly { id: string; pid: number }[] = JSON.parse((await ebpm(['ps', '--json'])).stdout).runs;
  const threads = running.map(({ pid }) => threadsOf(pid));
  const stopped = await ebpm(['stop', 'signals']);
  const follower = await followed;
  const again = await ebpm(['stop', id]);
  const unknown = await ebpm(['stop', 'nothing']);
  const victim = running.find((run) => run.id === secondId)?.pid ?? Number.NaN;
  process.kill(victim, 'SIGKILL');
  await until(() => !existsSync(`/proc/${victim}`));
  const gone = await until(() => kernelIds(programIds).every((one) => before.includes(one)));
  // Others that have ended may be known, too.
  const runs: readonly { id: string }[] = JSON.parse((await ebpm(['ps', '--all', '--json'])).stdout).runs;
  const all = runs.filter((run) => run.id === id || run.id === secondId);
  const ended = await ebpm(['logs', 'signals']);
  for (const run of [id, secondId]) rmSync(`/run/ebpm/runs/${run}`, { recursive: true });
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
    follower,
    again,
    unknown,
    gone,
    all,
    ended,
  };
}

async function logged(run: string): Promise<string> {
  return (await ebpm(['logs', run])).stdout;
}
