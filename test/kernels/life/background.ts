import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { Filters, IFNAME, TC_AGREED } from './filters.js';
import { type Command, ebpm } from './in-process.js';
import { childrenOf, kernelIds, MAIN, threadsOf, until } from './processes.js';
import type { Request } from './request.js';

/**
 * A run in the background through its life, told by name and by id in turns; on the host it is started on a terminal that is gone then. Two others
 * want one name, and the one that has it does not end by itself; in a lab it filters an interface, and nobody is left to remove that.
 */
export async function inBackground({ programIds, sigsnoop, script, lab }: Request) {
  const mine = [sigsnoop, '--filtered_pid', String(process.pid)];
  const other = lab === undefined ? mine : [TC_AGREED, '--target-ifname', IFNAME, lab.tcMixed];
  const before = kernelIds(programIds);
  const filters = lab === undefined ? undefined : new Filters(lab.tc);
  const start = ['run', '--detach', '--name', 'signals', '--json', ...mine];
  const first = script === undefined ? await ebpm(start) : onTerminal(script, start);
  const clash = await ebpm(['run', '--detach', '--name', 'signals', ...mine]);
  const race = await Promise.all([1, 2].map(() => ebpm(['run', '--detach', '--name', 'race', ...other])));
  const second = race.find(({ status }) => status === 0);
  const [id, secondId] = [first.stdout.trim(), second?.stdout.trim()];
  const followed = ebpm(['logs', '-f', 'signals']);
  process.kill(process.pid, 0);
  await until(async () => (await logged('signals')).includes('"sig":0'), LOOK_MS);
  const seen = await logged('signals');
  const paused = JSON.parse((await ebpm(['pause', '--json', 'signals'])).stdout);
  process.kill(process.pid, 0);
  const whilePaused = await logged(id);
  await ebpm(['resume', id]);
  await until(async () => (await logged('signals')) !== whilePaused, LOOK_MS);
  const afterResume = await logged('signals');
  const running: readonly { id: string; pid: number }[] = JSON.parse((await ebpm(['ps', '--json'])).stdout).runs;
  const threads = running.map(({ pid }) => threadsOf(pid));
  const stopped = await ebpm(['stop', 'signals']);
  const follower = await followed;
  const again = await ebpm(['stop', id]);
  const unknown = await ebpm(['stop', 'nothing']);
  const victim = running.find((run) => run.id === secondId)?.pid ?? Number.NaN;
  const helpers = lab === undefined ? [] : childrenOf(victim);
  for (const pid of helpers) process.kill(pid, 'SIGKILL');
  const halted = await stopHalted('race', victim);
  const remains = filters?.count();
  // What has a link goes by itself; what has a filter stays until the next command.
  const linksGone = await until(() => newIds(programIds, before).length === (remains ?? 0));
  // Others that have ended may be known, too.
  const next = await ebpm(['ps', '--all', '--json']);
  const runs: readonly { id: string }[] = JSON.parse(next.stdout).runs;
  const all = runs.filter((run) => run.id === id || run.id === secondId);
  const gone = await until(() => newIds(programIds, before).length === 0);
  const ended = await ebpm(['logs', 'signals']);
  const lines = (await ebpm(['logs', '--json', 'signals'])).stdout;
  for (const run of [id, secondId ?? '']) rmSync(`/run/ebpm/runs/${run}`, { recursive: true });
  return {
    first,
    clash,
    race,
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
    halted,
    linksGone,
    said: next.stderr,
    gone,
    all,
    ended,
    lines,
    filters: filters && { helpers: helpers.length, remains, areClean: filters.areClean() },
  };
}

/** Milliseconds between two looks that are commands: in an emulated machine they would leave no time for what they look at. */
const LOOK_MS = 500;

/** Runs a command line in a process of its own, on a terminal that is closed when it ends; both streams of it are one. */
function onTerminal(script: string, words: readonly string[]): Command {
  const line = [process.execPath, MAIN, ...words].map((word) => `'${word}'`).join(' ');
  const { stdout, status } = spawnSync(script, ['-qec', line, '/dev/null'], { encoding: 'utf8' });
  return { status: status ?? Number.NaN, stdout: stdout.replaceAll('\r\n', '\n'), stderr: '' };
}

/** Tells a run to stop whose process does nothing any more, and waits for its end. */
async function stopHalted(name: string, pid: number) {
  process.kill(pid, 'SIGSTOP');
  const from = Date.now();
  const { stdout } = await ebpm(['stop', '--json', name]);
  const waitedMs = Date.now() - from;
  return { stopped: JSON.parse(stdout), waitedMs, isGone: await until(() => !existsSync(`/proc/${pid}`)) };
}

function newIds(programIds: string, before: readonly string[]): readonly string[] {
  return kernelIds(programIds).filter((one) => !before.includes(one));
}

async function logged(run: string): Promise<string> {
  return (await ebpm(['logs', run])).stdout;
}
