import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Installed } from '@ebpm/client/installed';
import { archiveEntries, MANIFEST_FILE, type Manifest, readManifest } from '@ebpm/formats';
import type { Context } from './context.js';
import type { PackageInput } from './package-source.js';
import { readFileArgument } from './read-input.js';

/** Where `ebpm build` puts what it makes. */
const BUILT = 'dist';

/**
 * The manifest of what was named: that in the archive of an installed package, or that of the project which a file was built in. Undefined where there is none.
 *
 * @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID, EBPM_FILE_UNREADABLE, EBPM_MANIFEST_TOO_LARGE, EBPM_MANIFEST_MALFORMED, EBPM_MANIFEST_INVALID
 */
export async function inputManifest(
  { home }: Pick<Context, 'home'>,
  input: PackageInput,
): Promise<Manifest | undefined> {
  if (input.installed !== undefined) {
    const archive = input.archive?.() ?? (await (input.store ?? new Installed(home)).wholeArchive(input.installed));
    const manifest = archiveEntries(archive).find(({ name }) => name === MANIFEST_FILE);
    return manifest && readManifest(manifest.bytes);
  }
  const folder = projectOf(input);
  if (folder === undefined) return undefined;
  const path = join(folder, MANIFEST_FILE);
  return readManifest(await readFileArgument(path), path);
}

/** The folder of the project which a file was built in; undefined for what is no such file. */
export function projectOf({ installed, source }: PackageInput): string | undefined {
  const folder = dirname(resolve(source));
  const isBuilt = installed === undefined && basename(folder) === BUILT;
  return isBuilt && existsSync(join(dirname(folder), MANIFEST_FILE)) ? dirname(folder) : undefined;
}
