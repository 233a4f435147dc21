import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { socketPair } from '@ebpm/loader';
import type { ConsentClass } from '@ebpm/object';
import type { StartedTool } from '@ebpm/runner';
import { MAIN } from '../child-command.js';
import type { Context } from '../context.js';
import { TOOL_END_MS, TOOL_LINE_MAX_LENGTH } from '../limits.js';
import { TOOL_CONTROL } from './tool-role.js';

/** What is started, and how. */
export interface ToolCommand {
  /** Name and version. */
  readonly tool: string;
  readonly args: readonly string[];
  readonly allow: readonly ConsentClass[];
  /** How many packages have started each other to start it, it counted. */
  readonly depth: number;
  readonly countsRefusals: boolean;
  readonly onAttached: (label: string) => void;
}

/**
 * Starts a tool as `ebpm run --json` in a process of its own. Its output goes into one end of a pair of sockets, whose other end is given back. It ends when its control
 * descriptor does, so that it never outlives this process.
 *
 * @throws EBPM_TOOL_REFUSED where no process can be started
 */
export async function spawnTool(context: Context, command: ToolCommand): Promise<StartedTool> {
  const { env, stderr } = context;
  const { tool, onAttached } = command;
  const [ours, theirs] = socketPair();
  const child = spawn(process.execPath, toolArguments(context, command), {
    stdio: ['ignore', theirs, 'pipe', 'pipe'],
    env: { ...env },
    // A Ctrl-C is for who has started it, and no terminal answers its questions.
    detached: true,
  });
  closeSync(theirs);
  if (child.pid === undefined) {
    closeSync(ours);
    throw await notStarted(tool, child);
  }
  const control = child.stdio[TOOL_CONTROL] as Duplex;
  control.on('error', () => {}).once('data', () => onAttached(tool));
  relayLines(child.stderr as Readable, (line) => stderr.write(`${tool}: ${printable(line)}\n`));
  const ended = exitOf(child);
  return {
    label: tool,
    output: ours,
    ended,
    end: () => {
      if (control.destroyed) return;
      control.destroy();
      const timer = setTimeout(() => child.kill('SIGKILL'), TOOL_END_MS);
      void ended.then(() => clearTimeout(timer));
    },
  };
}

function toolArguments({ isOffline }: Context, command: ToolCommand): string[] {
  const { tool, args, allow, depth, countsRefusals } = command;
  const agreed = allow.length === 0 ? [] : [`--allow=${allow.join(',')}`];
  const ledger = countsRefusals ? ['--ledger=exact'] : [];
  const offline = isOffline ? ['--offline'] : [];
  return [MAIN, 'run', '--json', `--tool=${depth}`, ...offline, ...ledger, ...agreed, tool, '--', ...args];
}

/** As a shell tells it: 128 and the number of the signal that ended it. */
async function exitOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

async function notStarted(tool: string, child: ChildProcess): Promise<EbpmError> {
  const [cause] = (await once(child, 'error').catch((error: unknown) => [error])) as [NodeJS.ErrnoException];
  const errno = Math.abs(cause.errno ?? constants.errno.EAGAIN);
  return new EbpmError('EBPM_TOOL_REFUSED', `Cannot start "${tool}": ${cause.message}`, { cause, data: { errno } });
}

/** Gives what a process says line by line; one that never ends comes in pieces. */
function relayLines(from: Readable, write: (line: string) => void): void {
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > TOOL_LINE_MAX_LENGTH) lines.push(rest);
    if (rest.length > TOOL_LINE_MAX_LENGTH) rest = '';
    for (const line of lines) write(line);
  });
  from.on('end', () => rest !== '' && write(rest));
}
