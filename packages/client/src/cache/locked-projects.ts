import { resolve } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import type { Lockfile } from '@ebpm/schemas';
import { readLockfile } from '../project/lockfile.js';
import { refusal } from '../refusal.js';
import { KnownProjects } from './known-projects.js';

/** The projects that install from a store, by what became of their lockfiles. */
export interface LockedProjects {
  /** Those that have one, by folder. */
  readonly locked: readonly LockedProject[];
  /** The folders of those whose lockfile is gone: they need nothing. */
  readonly gone: readonly string[];
  /** Why lockfiles cannot be read: what those projects need, nobody knows, so that it is not nothing. */
  readonly unreadable: readonly EbpmError[];
}

/** One that has a lockfile. */
export interface LockedProject {
  readonly folder: string;
  readonly lockfile: Lockfile;
}

/**
 * Reads the lockfiles of all projects that install from a store.
 *
 * @param others folders that count, too, known or not
 * @throws EBPM_STORE_DAMAGED
 */
export async function lockedProjects(home: string, others: readonly string[] = []): Promise<LockedProjects> {
  const folders = new Set([...others, ...(await new KnownProjects(home).folders())].map((folder) => resolve(folder)));
  const locked: LockedProject[] = [];
  const gone: string[] = [];
  const unreadable: EbpmError[] = [];
  for (const folder of [...folders].sort()) {
    const lockfile = await readLockfile(folder).catch(refusal);
    if (lockfile === undefined) gone.push(folder);
    else if (lockfile instanceof EbpmError) unreadable.push(lockfile);
    else locked.push({ folder, lockfile });
  }
  return { locked, gone, unreadable };
}

/** The folders of the projects whose lockfiles name an archive, by its digest. */
export function projectsByDigest(locked: readonly LockedProject[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { folder, lockfile } of locked) {
    for (const { digest } of Object.values(lockfile.packages)) {
      found.set(digest, [...(found.get(digest) ?? []), folder]);
    }
  }
  return found;
}
