import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Installed } from '@ebpm/client/installed';
import { archiveEntries, MANIFEST_FILE, readManifest } from '@ebpm/formats';
import type { WasiWishes } from '@ebpm/wasm';
import type { Context } from '../context.js';
import type { PackageInput } from '../package-source.js';
import { readFileArgument } from '../read-input.js';

/** Where `ebpm build` puts what it makes. */
const BUILT = 'dist';

/**
 * What a package asks of WASI: by the ebpm.json in its archive, or by that of the project which it was built in. Undefined where there is no ebpm.json.
 *
 * @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID, EBPM_FILE_UNREADABLE, EBPM_MANIFEST_TOO_LARGE, EBPM_MANIFEST_MALFORMED, EBPM_MANIFEST_INVALID
 */
export async function wasiWishes(
  { home }: Pick<Context, 'home'>,
  { installed, source }: PackageInput,
): Promise<WasiWishes | undefined> {
  if (installed === undefined) return ofProject(source);
  const archive = await new Installed(home).wholeArchive(installed);
  const manifest = archiveEntries(archive).find(({ name }) => name === MANIFEST_FILE);
  return manifest && (readManifest(manifest.bytes).wasi ?? {});
}

async function ofProject(source: string): Promise<WasiWishes | undefined> {
  const folder = dirname(resolve(source));
  const path = join(dirname(folder), MANIFEST_FILE);
  if (basename(folder) !== BUILT || !existsSync(path)) return undefined;
  return readManifest(await readFileArgument(path), path).wasi ?? {};
}
