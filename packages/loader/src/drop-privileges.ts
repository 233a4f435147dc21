import { readdirSync, readFileSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';
import { loadBinding } from './binding.js';
import { type Capability, effectiveCapabilities } from './capabilities.js';
import { errnoText, isNativeFailure } from './native-failure.js';

/** Who a process becomes. */
export interface Identity {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const HINT = 'ebpm run --keep-privileges runs without giving them up';

/**
 * Says beforehand whether the privileges can be given up here.
 * @throws EBPM_PRIVILEGES_KEPT
 */
export function checkDroppable({ name }: Identity): void {
  const held = effectiveCapabilities();
  const missing = (['CAP_SETUID', 'CAP_SETGID'] satisfies Capability[]).filter((capability) => !held.has(capability));
  if (missing.length === 0) return;
  throw new EbpmError(
    'EBPM_PRIVILEGES_KEPT',
    `Cannot become user "${name}" after attaching: this process is root without ${missing.join(' and ')}`,
    { hint: `In a container: --cap-add SETUID --cap-add SETGID\n${HINT}` },
  );
}

/**
 * Makes every other thread of this process that user, without groups and without any capability. To be called before anything is
 * attached: libc does it by signals, which a tool that watches signals would show.
 *
 * @throws EBPM_PRIVILEGES_KEPT
 */
export function dropOtherThreads(identity: Identity): void {
  drop(identity, 'dropOtherThreads');
}

/**
 * Becomes that user in this thread too, after `dropOtherThreads`, and makes it final for all of them: no_new_privs, no execve, no core
 * dump, no debugger. Then looks at every thread whether it is so. No thread may have been started since.
 *
 * @throws EBPM_PRIVILEGES_KEPT
 */
export function dropThisThread(identity: Identity): void {
  drop(identity, 'dropThisThread');
  const { name, uid, gid } = identity;
  const privileged = threadStatuses().find((status) => !isUnprivileged(status, uid, gid));
  if (privileged !== undefined) throw kept(name, 'a thread of this process is still privileged');
}

function drop({ name, uid, gid }: Identity, step: 'dropOtherThreads' | 'dropThisThread'): void {
  try {
    loadBinding()[step](uid, gid);
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    throw kept(name, errnoText(error), error);
  }
}

function kept(name: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_PRIVILEGES_KEPT', `Cannot become user "${name}" after attaching: ${reason}`, {
    cause,
    hint: HINT,
  });
}

/** The status files of all threads, as proc(5) describes them. */
export function threadStatuses(): readonly string[] {
  return readdirSync('/proc/self/task').flatMap((tid) => {
    try {
      return [readFileSync(`/proc/self/task/${tid}/status`, 'utf8')];
    } catch (error) {
      // A thread that has ended meanwhile.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  });
}

/**
 * Whether a thread is that user and nothing else, and can become nothing else.
 *
 * @param groups that it may have beside
 */
export function isUnprivileged(status: string, uid: number, gid: number, groups: readonly number[] = []): boolean {
  const fields = new Map(
    status.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1).trim()]),
  );
  const ids = (name: string, id: number) =>
    fields
      .get(name)
      ?.split(/\s+/)
      .every((text) => Number(text) === id) === true;
  const none = (name: string) => /^0+$/.test(fields.get(name) ?? '');
  return (
    ids('Uid', uid) &&
    ids('Gid', gid) &&
    fields
      .get('Groups')
      ?.split(/\s+/)
      .every((text) => text === '' || groups.includes(Number(text))) === true &&
    ['CapPrm', 'CapEff', 'CapAmb'].every(none) &&
    fields.get('NoNewPrivs') === '1'
  );
}
