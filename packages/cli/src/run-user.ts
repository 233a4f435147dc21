import type { Identity } from '@ebpm/loader';
import type { Environment } from './context.js';
import { findNobody, invokingUser } from './invoking-user.js';

/** Whom a run becomes once its programs are attached. */
export interface RunUser extends Identity {
  /** Whether it is the one who typed sudo; else root started it, and nobody's rights are enough. */
  readonly isInvoking: boolean;
}

/** Undefined where this process is not root, and so has nobody else to become. */
export function runUser(env: Environment): RunUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const invoking = invokingUser(env);
  return { ...(invoking ?? findNobody() ?? NOBODY), isInvoking: invoking !== undefined };
}

/**
 * Whose rights open the folders that a guest is given: those of the user who typed sudo, nobody's where the user database does not know that user. Undefined for this
 * process's own: a root without sudo has named the folder himself.
 */
export function folderUser(env: Environment): RunUser | undefined {
  const user = runUser(env);
  return user?.isInvoking === true || Number(env['SUDO_UID']) > 0 ? user : undefined;
}

/** Where the system has no such user: the kernel's own number for nobody (/proc/sys/kernel/overflowuid). */
const NOBODY: Identity = { name: 'nobody', uid: 65534, gid: 65534 };
