import { setTimeout as sleep } from 'node:timers/promises';
import { createContext } from '../../../packages/cli/src/context.js';
import { exitCodeOf, formatError, toEbpmError } from '../../../packages/cli/src/error-output.js';
import { runHere } from '../../../packages/cli/src/run-here.js';
import { NO_RUN_FLAGS, runRequest } from '../../../packages/cli/src/run-package.js';
import type { Command } from './commands.js';
import type { Shell } from './shell.js';

/**
 * What came of a run that was not as it must be; empty: all was. It is the command line's own code behind the parsing of flags, in this
 * process, which therefore stays root.
 */
export async function runCommand(shell: Shell, command: Command): Promise<readonly string[]> {
  const { flags, spec, args = [], trigger, prints, shows, code } = command;
  let text = '';
  const output = {
    write: (chunk: string | Uint8Array) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    },
  };
  const context = { ...createContext(process.env), stdout: output, stderr: output };
  const commandLine = { flags: { ...NO_RUN_FLAGS, 'keep-privileges': true, ...flags }, spec, programArgs: args };
  let isOver = false;
  const ended = runRequest(context, commandLine)
    .then((request) => runHere(context, request))
    .catch((error: unknown) => {
      const failure = toEbpmError(error);
      output.write(formatError(failure));
      return exitCodeOf(failure);
    })
    .finally(() => {
      isOver = true;
    });
  const problems: string[] = [];
  if (trigger !== undefined) {
    await until(() => isOver || text.includes(': attached '));
    const printed = await shell.run(trigger);
    if (printed !== prints) problems.push(`the trigger printed ${printed}`);
    await until(() => isOver || shows.every((one) => text.includes(one)), 10_000);
    process.kill(process.pid, 'SIGINT');
  }
  const exitCode = await ended;
  if (exitCode !== code) problems.push(`it ended with ${exitCode}`);
  const missing = shows.filter((one) => !text.includes(one));
  if (missing.length > 0) problems.push(`it did not show ${missing.join(', ')}`);
  return problems.length === 0 ? [] : [...problems, text.slice(0, 2000)];
}

async function until(condition: () => boolean, limitMs = 60_000): Promise<void> {
  for (const from = Date.now(); !condition() && Date.now() - from < limitMs; ) await sleep(10);
}
