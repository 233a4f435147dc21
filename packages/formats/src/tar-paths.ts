import { EbpmError } from './ebpm-error.js';
import { checkTarPath, foldedPath } from './tar-path.js';

/**
 * Checks that files can lie beside each other on every file system: sound paths, none twice, none that is the folder of another,
 * none that differs from another in case only.
 * @throws EBPM_ARCHIVE_PATH, EBPM_ARCHIVE_DUPLICATE
 */
export function checkTarPaths(paths: readonly string[]): void {
  const taken = new Map<string, { readonly path: string; readonly isFolder: boolean }>();
  for (const path of paths) {
    checkTarPath(path);
    for (const folder of foldersOf(path)) take(folder, true);
    take(path, false);
  }

  function take(path: string, isFolder: boolean): void {
    const key = foldedPath(path);
    const other = taken.get(key);
    if (other === undefined) taken.set(key, { path, isFolder });
    else if (!isFolder || !other.isFolder || path !== other.path) throw conflict(path, other.path);
  }
}

/** `a/b/c` lies in `a` and in `a/b`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function conflict(path: string, other: string): EbpmError {
  const reason =
    path === other
      ? 'it occurs twice, or as a file and as a folder'
      : `it differs from ${JSON.stringify(other)} in case only`;
  return new EbpmError('EBPM_ARCHIVE_DUPLICATE', `Cannot have ${JSON.stringify(path)} in a package: ${reason}`);
}
