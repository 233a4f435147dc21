import { EbpmError } from '@ebpm/formats';
import { compileScriptGuest } from '../../src/guest/compile-script-guest.js';
import { dirWith, newDir } from '../project-dir.js';

/** What AssemblyScript says of `app.ts` and of what it imports; empty when it takes it. */
export async function wordsOfAssemblyScript(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await dirWith(files);
  const tempDir = await newDir();
  const options = {
    searchPath: process.env['PATH'] ?? '',
    tempDir,
    headerDirs: [],
    folder,
    paths: ['app.ts'],
    color: false,
  };
  try {
    return (await compileScriptGuest({ ...options, skeletonDir: folder })).diagnostics;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_BUILD_COMPILE_FAILED')
      return String(error.data?.['diagnostics']);
    throw error;
  }
}
