import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { isFile } from '../is-file.js';
import { SOURCE_ENDING } from '../project.js';
import type { GuestLanguage } from './skeleton-files.js';

/** What a WASM module is compiled of. */
export interface GuestSources {
  readonly language: GuestLanguage;
  /** From the folder on: every C source, or the AssemblyScript source that imports the others. */
  readonly paths: readonly string[];
}

/**
 * Finds the sources of a module: `app.ts` for `app.wasm` (AssemblyScript), else every `*.c` that is no `*.bpf.c`.
 * @throws EBPM_BUILD_GUEST
 */
export async function guestSources(folder: string, entry: string): Promise<GuestSources> {
  const script = `${basename(entry, '.wasm')}.ts`;
  const sources = (await readdir(folder)).filter((name) => name.endsWith('.c') && !name.endsWith(SOURCE_ENDING)).sort();
  const isScript = await isFile(join(folder, script));
  if (isScript && sources.length === 0) return { language: 'ts', paths: [script] };
  if (!isScript && sources.length > 0) return { language: 'c', paths: sources };
  const reason = isScript
    ? `it has "${script}" and "${sources[0]}"`
    : `it has neither "${script}" nor a C source that is no *${SOURCE_ENDING}`;
  throw new EbpmError('EBPM_BUILD_GUEST', `Cannot make "${entry}" of "${folder}": ${reason}`, {
    hint: isScript
      ? 'Keep the guest in one language: AssemblyScript or C'
      : `Write ${basename(entry, '.wasm')}.c or ${script}; docs/wasm.md shows both`,
    data: { folder, entry },
  });
}
