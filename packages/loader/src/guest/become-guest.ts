import { EbpmError } from '@ebpm/formats';
import { loadBinding } from '../binding.js';
import { dropOtherThreads, dropThisThread, type Identity, threadStatuses } from '../drop-privileges.js';

/**
 * Makes this process fit for a guest, for good: it is that user in all its threads, without any capability, cannot start programs or be
 * looked into, and ends when its parent does. What it needs of files must have been loaded.
 *
 * @param identity undefined: it stays the user that it is, who is not root
 * @throws EBPM_PRIVILEGES_KEPT
 */
export function becomeGuest(identity: Identity | undefined): void {
  const binding = loadBinding();
  if (identity === undefined) {
    binding.lockGuestDown();
    refusePrivileged();
  } else {
    dropOtherThreads(identity);
    dropThisThread(identity);
  }
  binding.dieWithParent();
}

/** @throws EBPM_PRIVILEGES_KEPT where a thread is root or has a capability, or could gain one */
function refusePrivileged(): void {
  const isPrivileged = threadStatuses().some(
    (status) => !/^NoNewPrivs:\t1$/m.test(status) || /^Cap(Prm|Eff|Amb):\t0*[1-9a-f]/m.test(status),
  );
  if (!isPrivileged && process.geteuid?.() !== 0) return;
  throw new EbpmError('EBPM_PRIVILEGES_KEPT', 'Cannot run a guest: its process would still be privileged', {
    hint: 'Run ebpm as root, with sudo, or as a user whose node has no capabilities of its own',
  });
}
