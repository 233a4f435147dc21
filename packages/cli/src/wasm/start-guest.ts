import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { shedForChild, socketPair } from '@ebpm/loader';
import type { GuestProcessHandle } from '@ebpm/runner';
import type { Context } from '../context.js';
import { guestCommand } from '../guest-command.js';
import { runUser } from '../run-user.js';

/** The process of a guest, and what becomes of its output. */
export interface StartedGuest extends GuestProcessHandle {
  /** Resolves when it has ended and all that it wrote was passed on. */
  readonly closed: Promise<void>;
}

/** Variables of ours that say how records are shown; the guest itself sees those that it was granted. */
const PASSED_ON = ['TERM', 'NO_COLOR', 'TZ', 'LANG', 'LC_ALL'];

/**
 * Starts the process of a guest: under sudo it becomes the user who typed it, for another root nobody; else it stays who it is, and gains nothing by its start. It waits
 * for its module.
 */
export function startGuest({ env, stdout, stderr }: Pick<Context, 'env' | 'stdout' | 'stderr'>): StartedGuest {
  const identity = runUser(env);
  if (identity === undefined) shedForChild();
  const [ours, theirs] = socketPair();
  const child = spawn(process.execPath, [...guestCommand(identity)], {
    stdio: [
      'ignore',
      stdout === process.stdout ? 'inherit' : 'pipe',
      stderr === process.stderr ? 'inherit' : 'pipe',
      // Its number there is GUEST_CHANNEL.
      theirs,
    ],
    env: Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  });
  closeSync(theirs);
  // A run in the background writes into a log of its own.
  child.stdout?.on('data', (chunk: Uint8Array) => void stdout.write(chunk));
  child.stderr?.on('data', (chunk: Uint8Array) => void stderr.write(chunk));
  const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  let isOver = false;
  const signal = (name: NodeJS.Signals) => {
    if (!isOver) child.kill(name);
  };
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      isOver = true;
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
  return {
    channel: ours,
    kill: () => signal('SIGKILL'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    exited,
    closed,
  };
}
