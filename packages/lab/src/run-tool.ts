import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MAX_TOOL_OUTPUT_BYTES } from './limits.js';

/** How a program is run. */
export interface RunToolOptions {
  /** The working directory; default: this process's. */
  readonly cwd?: string;
  /** Ends the program when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A program of the host ended with an error; `message` is what it said. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}

/**
 * Runs a program of the host and gives what it wrote to stdout.
 * @throws ToolFailure with the last lines of its stderr; the signal's reason when aborted
 */
export async function runTool(path: string, args: readonly string[], options: RunToolOptions = {}): Promise<string> {
  const { cwd, signal } = options;
  signal?.throwIfAborted();
  try {
    const ended = await promisify(execFile)(path, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
      maxBuffer: MAX_TOOL_OUTPUT_BYTES,
    });
    return ended.stdout;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ToolFailure(lastWords(cause), { cause });
  }
}

function lastWords(cause: unknown): string {
  const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
  if (stderr === '') return cause instanceof Error ? cause.message : String(cause);
  return stderr.split('\n').slice(-3).join('; ');
}
