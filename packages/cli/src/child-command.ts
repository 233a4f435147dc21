import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EbpmError, type ErrorCode } from '@ebpm/formats';
import type { InvokingUser } from './invoking-user.js';
import { asInvokingUser, type NodeCommand } from './run-as-invoking-user.js';

/** Lies beside this file, bundled or not. */
export const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** What node is to be started with so that an `ebpm` command runs as the invoking user, where there is one, else as whoever this is. */
export function userCommand(
  user: InvokingUser | undefined,
  env: NodeJS.ProcessEnv,
  argv: readonly string[],
): NodeCommand {
  return user === undefined ? { argv: [MAIN, ...argv], env: { ...env } } : asInvokingUser(user, argv);
}

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
export function childError(end: ChildEnd): EbpmError | undefined {
  const { code, message, hint, data } = childAnswer(end)?.error ?? {};
  if (typeof code !== 'string' || typeof message !== 'string' || !/^EBPM(_[A-Z0-9]+)+$/.test(code)) return undefined;
  return new EbpmError(code as ErrorCode, message, {
    ...(typeof hint === 'string' && { hint }),
    ...(typeof data === 'object' && data !== null && { data: { ...data } }),
  });
}

/** What of a child's JSON is looked at. */
interface ChildAnswer {
  readonly error?: {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly hint?: unknown;
    readonly data?: unknown;
  };
  readonly looked?: unknown;
  readonly packages?: readonly ({ readonly version?: unknown } | undefined)[];
}

/** What a child wrote as JSON; undefined where it wrote none. */
export function childAnswer({ stdout }: ChildEnd): ChildAnswer | undefined {
  try {
    return JSON.parse(Buffer.from(stdout).toString('utf8')) ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
