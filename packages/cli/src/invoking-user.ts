import { readFileSync } from 'node:fs';

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

/** @see https://man7.org/linux/man-pages/man5/passwd.5.html */
function usersOf(passwd: string): readonly InvokingUser[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined || home === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home }];
  });
}
