import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EbpmError, type ErrorCode } from '@ebpm/formats';
import type { Context } from './context.js';
import { invokingUser } from './invoking-user.js';
import { asInvokingUser, type NodeCommand } from './run-as-invoking-user.js';

/** Lies beside this file, bundled or not. */
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** Characters of the child's answer that are read: an error's message and data are far smaller. */
const MAX_ANSWER_LENGTH = 1024 * 1024;

/**
 * Installs a package in a process of its own, under sudo one of the invoking user: what runs packages talks to no
 * registry and writes into no store. Its progress goes to stderr.
 *
 * @throws EBPM_INSTALL_FAILED, and what `ebpm install` fails with
 */
export async function installInChild({ env }: Context, spec: string): Promise<void> {
  const argv = ['install', '--json', '--keep-current', '--', spec];
  const user = invokingUser(env);
  const command = user === undefined ? { argv: [MAIN, ...argv], env: { ...env } } : asInvokingUser(user, argv);
  const { exitCode, answer } = await runChild(command);
  if (exitCode !== 0) throw failureOf(answer, spec, exitCode);
}

function runChild({ argv, env }: NodeCommand): Promise<{ readonly exitCode: number | null; readonly answer: string }> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (answer.length < MAX_ANSWER_LENGTH) answer += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, answer }));
  });
}

/** The error that the child told as JSON. */
function failureOf(answer: string, spec: string, exitCode: number | null): EbpmError {
  const { code, message, hint } = errorIn(answer);
  if (typeof code === 'string' && typeof message === 'string' && /^EBPM(_[A-Z0-9]+)+$/.test(code)) {
    return new EbpmError(code as ErrorCode, message, typeof hint === 'string' ? { hint } : {});
  }
  return new EbpmError('EBPM_INSTALL_FAILED', `Cannot install "${spec}": the installation ended with ${exitCode}`, {
    hint: `Type: ebpm install ${spec}`,
  });
}

function errorIn(answer: string): { readonly code?: unknown; readonly message?: unknown; readonly hint?: unknown } {
  try {
    return JSON.parse(answer)?.error ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
