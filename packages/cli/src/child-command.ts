import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EbpmError, type ErrorCode } from '@ebpm/formats';
import type { NodeCommand } from './run-as-invoking-user.js';

/** Lies beside this file, bundled or not. */
export const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** How a child ended, and what it wrote to stdout. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly stdout: Uint8Array;
}

/**
 * Runs an `ebpm` command in a child and collects its stdout; past `maxBytes` the child is ended. Its stderr is this process's.
 *
 * @param input what it reads from stdin
 */
export function runChild({ argv, env }: NodeCommand, maxBytes: number, input = ''): Promise<ChildEnd> {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'], env });
  // A child that does not read all of it says itself why.
  child.stdin.on('error', () => {}).end(input);
  const chunks: Uint8Array[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > maxBytes) child.kill();
    else chunks.push(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout: Buffer.concat(chunks) }));
  });
}

/** The error that a child told as JSON; undefined where it told none. */
export function childError({ stdout }: ChildEnd): EbpmError | undefined {
  const { code, message, hint } = errorIn(Buffer.from(stdout).toString('utf8'));
  if (typeof code !== 'string' || typeof message !== 'string' || !/^EBPM(_[A-Z0-9]+)+$/.test(code)) return undefined;
  return new EbpmError(code as ErrorCode, message, typeof hint === 'string' ? { hint } : {});
}

function errorIn(answer: string): { readonly code?: unknown; readonly message?: unknown; readonly hint?: unknown } {
  try {
    return JSON.parse(answer)?.error ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
