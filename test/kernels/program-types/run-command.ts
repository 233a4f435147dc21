import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { GUEST_COMMAND } from '../../../packages/cli/src/guest-files.js';
import type { Command } from './commands.js';

/** What came of a command that was not as it must be; empty: all was. */
export async function runCommand({ words, trigger, prints, shows, code }: Command): Promise<readonly string[]> {
  const [program = '', ...first] = GUEST_COMMAND;
  const run = spawn(program, [...first, 'run', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(run, 'exit');
  let text = '';
  const take = (bytes: Buffer): void => {
    text += bytes.toString();
  };
  run.stdout.on('data', take);
  run.stderr.on('data', take);
  const problems: string[] = [];
  if (trigger !== undefined) {
    await until(() => text.includes(': attached ') || run.exitCode !== null);
    const printed = spawnSync('sh', ['-c', trigger], { encoding: 'utf8' }).stdout.trim();
    if (printed !== prints) problems.push(`the trigger printed ${printed}`);
    await until(() => shows.every((one) => text.includes(one)) || run.exitCode !== null, 10_000);
    run.kill('SIGINT');
  }
  const [exitCode] = await exited;
  if (exitCode !== code) problems.push(`it ended with ${exitCode}`);
  const missing = shows.filter((one) => !text.includes(one));
  if (missing.length > 0) problems.push(`it did not show ${missing.join(', ')}`);
  return problems.length === 0 ? [] : [...problems, text.slice(0, 2000)];
}

async function until(condition: () => boolean, limitMs = 60_000): Promise<void> {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(50);
}
