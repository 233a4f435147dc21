import { resolve } from 'node:path';
import { KnownProjects, LOCKFILE, readLockfile, type UninstallResult } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { Lockfile } from '@ebpm/schemas';
import type { Context } from './context.js';

/** Warns of projects whose lockfiles name versions that were removed: the one here, and those that install from this store. */
export async function warnOfNeeded({ home, stderr }: Context, results: readonly UninstallResult[]): Promise<void> {
  const folders = new Set([process.cwd(), ...(await new KnownProjects(home).folders())].map((one) => resolve(one)));
  for (const folder of folders) {
    const packages = await lockedPackages(folder);
    for (const { name, removed } of results) {
      const version = Object.hasOwn(packages, name) ? packages[name]?.version : undefined;
      if (version === undefined || !removed.includes(version)) continue;
      const text = `warning: ${folder}/${LOCKFILE} names ${name}@${version}: ebpm ci there installs it again`;
      stderr.write(`${printable(text)}\n`);
    }
  }
}

/** A lockfile that cannot be read says so where it is used. */
async function lockedPackages(folder: string): Promise<Lockfile['packages']> {
  try {
    return (await readLockfile(folder))?.packages ?? {};
  } catch (error) {
    if (error instanceof EbpmError) return {};
    throw error;
  }
}
