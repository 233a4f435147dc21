import type { Identity } from '@ebpm/loader';

/**
 * Does something synchronous with the effective identity of that user, groups included; as this process for undefined.
 * What it opens, it opens with that user's rights.
 */
export function actAs<T>(user: Identity | undefined, action: () => T): T {
  const posix: PosixProcess = process;
  const groups = posix.getgroups?.();
  const gid = posix.getegid?.();
  if (user === undefined || groups === undefined || gid === undefined || posix.initgroups === undefined)
    return action();
  posix.initgroups(user.name, user.gid);
  posix.setegid?.(user.gid);
  posix.seteuid?.(user.uid);
  try {
    if (posix.geteuid?.() !== user.uid) throw new Error(`could not become user "${user.name}"`);
    return action();
  } finally {
    posix.seteuid?.(0);
    posix.setegid?.(gid);
    posix.setgroups?.(groups);
  }
}

/** Node has `initgroups` (https://nodejs.org/api/process.html#processinitgroupsuser-extragroup); its types lack it. */
interface PosixProcess extends NodeJS.Process {
  initgroups?(user: string, extraGroup: number): void;
}
