import type { Environment } from '../context.js';
import { invokingUser } from '../invoking-user.js';

/** Whose files may say what this process runs, maybe as root: root's, its own user's, and those of the user behind sudo. */
export function trustedOwners(env: Environment): readonly number[] {
  return [0, process.geteuid?.(), invokingUser(env)?.uid].filter((uid) => uid !== undefined);
}
