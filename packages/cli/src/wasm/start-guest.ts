import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { shedForChild, socketPair } from '@ebpm/loader';
import type { GuestProcessHandle } from '@ebpm/runner';
import type { Environment } from '../context.js';
import { GUEST_CHANNEL, guestCommand } from '../guest-command.js';
import { runUser } from '../run-user.js';

/** Variables of ours that say how records are shown; the guest itself sees those that it was granted. */
const PASSED_ON = ['TERM', 'NO_COLOR', 'TZ', 'LANG', 'LC_ALL'];

/**
 * Starts the process of a guest: under sudo it becomes the user who typed it, for another root nobody; else it stays who it is, and gains nothing by its start. It waits
 * for its module.
 */
export function startGuest(env: Environment): GuestProcessHandle {
  const identity = runUser(env);
  if (identity === undefined) shedForChild();
  const [ours, theirs] = socketPair();
  const child = spawn(process.execPath, [...guestCommand(identity)], {
    stdio: ['ignore', 'inherit', 'inherit', theirs],
    env: Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  });
  closeSync(theirs);
  let isOver = false;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      isOver = true;
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
  return {
    channel: ours,
    kill: () => {
      if (!isOver) child.kill('SIGKILL');
    },
    exited,
  };
}

/** Where it stands in the child's `stdio`. */
GUEST_CHANNEL satisfies 3;
