import { existsSync, readFileSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';

/** The person behind sudo. */
export interface InvokingUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * Who typed `sudo`; undefined when this process is not root or was not started by sudo. What sudo says in the
 * environment is only believed where it agrees with the user database.
 */
export function invokingUser(env: Readonly<Record<string, string | undefined>>): InvokingUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const uid = Number(env['SUDO_UID']);
  if (!Number.isInteger(uid) || uid <= 0) return undefined;
  return usersOf(readFileSync('/etc/passwd', 'utf8')).find((user) => user.uid === uid);
}

/**
 * Who does for a root without a user behind it what root is not to do.
 *
 * @throws EBPM_USER_MISSING where the system has no such user
 */
export function unprivilegedUser(): InvokingUser {
  const nobody = findNobody();
  if (nobody !== undefined) return nobody;
  throw new EbpmError('EBPM_USER_MISSING', 'Cannot leave root: this system has no user "nobody"', {
    hint: 'Use sudo, or download the file yourself and name it',
  });
}

/** The user `nobody`, unless a line of the user database would make root of it; undefined where there is none. */
export function findNobody(): InvokingUser | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  const users = usersOf(readFileSync('/etc/passwd', 'utf8'));
  return users.find(({ name, uid, gid }) => name === 'nobody' && uid > 0 && gid > 0);
}

/** @see https://man7.org/linux/man-pages/man5/passwd.5.html */
function usersOf(passwd: string): readonly InvokingUser[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined || home === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home }];
  });
}
