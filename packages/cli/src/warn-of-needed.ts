import { resolve } from 'node:path';
import { KnownProjects, LOCKFILE, readLockfile } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { Context } from './context.js';

/** Warns of projects whose lockfiles name versions that were removed: the one here, and those that install from this store. */
export async function warnOfNeeded({ home, stderr }: Context, name: string, removed: readonly string[]): Promise<void> {
  const folders = new Set([process.cwd(), ...(await new KnownProjects(home).folders())].map((one) => resolve(one)));
  for (const folder of folders) {
    const version = await lockedVersion(folder, name);
    if (version === undefined || !removed.includes(version)) continue;
    const text = `warning: ${folder}/${LOCKFILE} names ${name}@${version}: ebpm ci there installs it again`;
    stderr.write(`${printable(text)}\n`);
  }
}

/** A lockfile that cannot be read says so where it is used. */
async function lockedVersion(folder: string, name: string): Promise<string | undefined> {
  try {
    const packages = (await readLockfile(folder))?.packages ?? {};
    return Object.hasOwn(packages, name) ? packages[name]?.version : undefined;
  } catch (error) {
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
