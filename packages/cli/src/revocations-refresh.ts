import { spawn } from 'node:child_process';
import { userCommand } from './child-command.js';
import type { Context } from './context.js';
import { invokingUser } from './invoking-user.js';
import { REFRESH_WORD } from './refresh-word.js';

/** Asks a registry what it has revoked, beside a run that has started. */
export interface RevocationsRefresh {
  /** To be called once the run has started. */
  begin(): void;
}

/**
 * Starts a process that waits: once programs are attached, a run can start no other one any more. It is the user's under sudo, goes its
 * own way when the run ends, and takes 2 s at most. Root without a user behind it asks nobody.
 */
export function prepareRefresh({ env }: Context, registry: string): RevocationsRefresh | undefined {
  const isRoot = process.geteuid?.() === 0;
  const user = invokingUser(env);
  if (isRoot && user === undefined) return undefined;
  const argv = [REFRESH_WORD, registry];
  const command = userCommand(user, env, argv);
  const child = spawn(process.execPath, command.argv, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: command.env,
    detached: true,
  });
  child.unref();
  // That it could not be started, or has ended, is no matter of the run.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return { begin: () => void child.stdin.end('begin\n') };
}
