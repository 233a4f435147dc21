import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError, MANIFEST_FILE, MAX_PACKAGE_BYTES, MAX_PACKAGE_FILES, type TarFile } from '@ebpm/formats';
import { readRegularFile } from './read-regular-file.js';

/** A file of a project; undefined where there is none. @throws EBPM_PROJECT_FILE */
export async function readProjectFile(folder: string, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readRegularFile(join(folder, path), MAX_PACKAGE_BYTES);
  } catch (cause) {
    throw unusable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/**
 * The files that a manifest's `files` names, folders with everything in them but hidden files. Links are refused: they
 * could lead to what nobody meant to publish.
 *
 * @throws EBPM_PROJECT_FILE, EBPM_ARCHIVE_TOO_LARGE
 */
export async function readProjectFiles(folder: string, names: readonly string[]): Promise<readonly TarFile[]> {
  const files = new Map<string, TarFile>();
  for (const name of names) {
    for await (const path of pathsBelow(folder, name)) {
      const bytes = await readProjectFile(folder, path);
      if (bytes !== undefined) files.set(path, { path, bytes });
      if (files.size > MAX_PACKAGE_FILES) throw tooMany();
    }
  }
  return [...files.values()];
}

async function* pathsBelow(folder: string, path: string): AsyncGenerator<string> {
  const found = await lstat(join(folder, path)).catch((cause: NodeJS.ErrnoException) => {
    throw unusable(path, cause.code === 'ENOENT' ? 'it does not exist' : cause.message, cause);
  });
  if (found.isDirectory()) {
    for (const name of (await readdir(join(folder, path))).sort()) {
      if (!name.startsWith('.')) yield* pathsBelow(folder, `${path}/${name}`);
    }
  } else if (found.isFile()) {
    yield path;
  } else {
    throw unusable(path, 'it is neither a regular file nor a folder');
  }
}

function unusable(path: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_PROJECT_FILE', `Cannot publish "${path}": ${reason}`, {
    cause,
    hint: `Change "files" in ${MANIFEST_FILE}, or the file`,
  });
}

function tooMany(): EbpmError {
  const hint = `Name fewer folders in "files" of ${MANIFEST_FILE}`;
  return new EbpmError('EBPM_ARCHIVE_TOO_LARGE', `Cannot publish more than ${MAX_PACKAGE_FILES} files`, { hint });
}
