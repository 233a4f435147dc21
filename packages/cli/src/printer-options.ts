import type { Architecture, PrinterOptions, Terminal } from '@ebpm/events';
import type { Context } from './context.js';
import type { OutputRequest } from './output-request.js';
import { userNames } from './user-names.js';

/** What printers need to know: what is asked for, the terminal, the clock and the users of this machine. */
export function printerOptions(
  { env, stdout }: Pick<Context, 'env' | 'stdout'>,
  request: OutputRequest,
): PrinterOptions {
  return {
    ...request,
    terminal: terminalOf(env, stdout),
    architecture: ARCHITECTURES.find((name) => name === process.arch),
    userName: userNames(),
    monotonicNs: process.hrtime.bigint,
  };
}

const ARCHITECTURES: readonly Architecture[] = ['x64', 'arm64'];

/** @see https://no-color.org: any value but the empty one */
function terminalOf(env: Context['env'], stdout: Context['stdout']): Terminal | undefined {
  // A dumb terminal knows no escape sequences, and some have no width.
  if (stdout.isTTY !== true || env['TERM'] === 'dumb') return undefined;
  return {
    size: () => ({ columns: stdout.columns || DEFAULT_SIZE.columns, rows: stdout.rows || DEFAULT_SIZE.rows }),
    colour: (env['NO_COLOR'] ?? '') === '',
  };
}

/** What a terminal has that does not tell. */
const DEFAULT_SIZE = { columns: 80, rows: 24 } as const;
