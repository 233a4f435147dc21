import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { searchDirs } from '../find-tool.js';
import { isFile } from '../is-file.js';

/** Where packages of npm are looked for. */
export interface NpmOptions {
  /** Directories as in PATH. */
  readonly searchPath: string;
  /** Folders of packages to look into first; default those that ebpm's own packages come from. */
  readonly npmFolders?: readonly string[];
}

/**
 * The folder of an npm package that was installed beside ebpm, or where a directory of PATH belongs to: `npm install -g` and `npm run`
 * have theirs in it. A project's own `node_modules` does not count: it may have come with somebody else's source.
 */
export async function npmPackageFolder(
  name: string,
  { searchPath, npmFolders: own = ownFolders() }: NpmOptions,
): Promise<string | undefined> {
  const others = searchDirs(searchPath).flatMap((dir) => [
    ...(basename(dir) === '.bin' ? [dirname(dir)] : []),
    join(dirname(dir), 'lib/node_modules'),
  ]);
  for (const folder of [...own, ...others]) {
    if (await isFile(join(folder, name, 'package.json'))) return join(folder, name);
  }
  return undefined;
}

/** Every `node_modules` from here up. */
function ownFolders(): readonly string[] {
  return createRequire(import.meta.url).resolve.paths('npm') ?? [];
}
