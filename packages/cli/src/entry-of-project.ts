import { existsSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { chooseEntry, DEFAULT_ENTRY, entryPaths } from '@ebpm/client/entries';
import { EbpmError, MANIFEST_FILE, readManifest } from '@ebpm/formats';
import { readFileArgument } from './read-input.js';

/**
 * The file below `dist/` that runs of a project: the one that is named, else the one that its manifest has for this machine.
 *
 * @throws EBPM_VARIANT_MISSING, and what is wrong with its ebpm.json
 */
export async function entryOfProject(folder: string, wanted: string | undefined): Promise<string> {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) return wanted ?? DEFAULT_ENTRY;
  const manifest = readManifest(await readFileArgument(path), path);
  if (wanted === undefined) return chooseEntry(manifest, { arch: machine() }) ?? DEFAULT_ENTRY;
  const paths = entryPaths(manifest);
  if (paths.includes(wanted)) return wanted;
  throw new EbpmError('EBPM_VARIANT_MISSING', `Cannot use "${wanted}" of "${folder}": it is none of its entries`, {
    hint: `Its entries are: ${paths.join(', ')}`,
  });
}
