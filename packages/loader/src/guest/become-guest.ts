import { EbpmError } from '@ebpm/formats';
import { loadBinding } from '../binding.js';
import { type Identity, isUnprivileged, threadStatuses } from '../drop-privileges.js';

/** Whom the process of a guest becomes. */
export interface GuestIdentity extends Identity {
  /** Whether it is the one who typed sudo, and has his supplementary groups. Nobody else has any. */
  readonly isInvoking: boolean;
}

/**
 * Makes this process fit for a guest, for good: it is that user in all its threads, without any capability, cannot start programs or be
 * looked into, and ends when its parent does. What it needs of files must have been loaded.
 *
 * @param identity undefined: it stays the user that it is, who is not root
 * @throws EBPM_PRIVILEGES_KEPT
 */
export function becomeGuest(identity: GuestIdentity | undefined): void {
  const binding = loadBinding();
  if (identity !== undefined) becomeUser(identity);
  binding.lockGuestDown();
  const isGuest = identity === undefined ? isWithoutRights : isUser(identity);
  if (!threadStatuses().every(isGuest) || process.geteuid?.() === 0) {
    throw kept('its process would still be privileged', {
      hint: 'Run ebpm as root, with sudo, or as a user whose node has no capabilities of its own',
    });
  }
  binding.dieWithParent();
}

/** libc makes these calls in every thread (nptl(7)); with the last of root's ids the kernel takes all capabilities. */
function becomeUser({ name, uid, gid, isInvoking }: GuestIdentity): void {
  const posix: PosixProcess = process;
  try {
    if (isInvoking) posix.initgroups?.(name, gid);
    else posix.setgroups?.([]);
    posix.setgid?.(gid);
    posix.setuid?.(uid);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw kept(`its process cannot become user "${name}": ${reason}`, {
      hint: 'In a container: --cap-add SETUID --cap-add SETGID',
      cause,
    });
  }
}

function kept(reason: string, { hint, cause }: { readonly hint: string; readonly cause?: unknown }): EbpmError {
  return new EbpmError('EBPM_PRIVILEGES_KEPT', `Cannot run a guest: ${reason}`, { hint, cause });
}

function isUser({ uid, gid, isInvoking }: GuestIdentity): (status: string) => boolean {
  const groups = isInvoking ? process.getgroups?.() : [];
  return (status) => isUnprivileged(status, uid, gid, groups);
}

function isWithoutRights(status: string): boolean {
  return /^NoNewPrivs:\t1$/m.test(status) && !/^Cap(Prm|Eff|Amb):\t0*[1-9a-f]/m.test(status);
}

/** Node has `initgroups` (https://nodejs.org/api/process.html#processinitgroupsuser-extragroup); its types lack it. */
interface PosixProcess extends NodeJS.Process {
  initgroups?(user: string, extraGroup: number): void;
}
