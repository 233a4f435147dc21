import { LOCKFILE, lockedProjects, type UninstallResult } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { Context } from './context.js';
import { warnOfUnreadable } from './warn-of-unreadable.js';

/** Warns of projects whose lockfiles name versions that were removed, or cannot be read: the one here, and those that install from this store. */
export async function warnOfNeeded(context: Context, results: readonly UninstallResult[]): Promise<void> {
  const { home, stderr } = context;
  const { locked, unreadable } = await lockedProjects(home, [process.cwd()]);
  for (const { folder, lockfile } of locked) {
    for (const { name, removed } of results) {
      const version = Object.hasOwn(lockfile.packages, name) ? lockfile.packages[name]?.version : undefined;
      if (version === undefined || !removed.includes(version)) continue;
      const text = `warning: ${folder}/${LOCKFILE} names ${name}@${version}: ebpm ci there installs it again`;
      stderr.write(`${printable(text)}\n`);
    }
  }
  warnOfUnreadable(context, unreadable);
}
