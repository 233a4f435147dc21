import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EBPM } from '../kernels/installation.js';
import type { CommandResult } from './registry-process.js';

/** How a command is started. */
export interface RunOptions {
  /** The whole environment but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** What is piped to stdin; nothing by default. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** The bundle's main.js; that of this repository by default. */
  readonly program?: string;
}

/** Runs `ebpm` to its end, the real program in a process of its own. */
export async function runEbpm(args: readonly string[], options: RunOptions): Promise<CommandResult> {
  const { env, input = '', cwd, program = EBPM } = options;
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  // A command that does not read its stdin may be gone before all is written.
  child.stdin.on('error', () => {}).end(input);
  const [code] = await once(child, 'close');
  return { exitCode: code ?? -1, ...output };
}
