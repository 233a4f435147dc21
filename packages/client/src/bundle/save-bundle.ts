import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compareVersions, type Digest, EbpmError, TAR_END, tarEntry } from '@ebpm/formats';
import type { BundleIndex, KnownVersion } from '@ebpm/schemas';
import { ArchiveStore } from '../archive-store.js';
import { missingOffline } from '../offline-registry.js';
import { syncFolder } from '../write-file-atomically.js';
import { BUNDLE_INDEX, bundledArchive } from './bundle-file.js';

/** What a bundle is written of. */
export interface BundleRequest {
  readonly home: string;
  /** Where it is written; a file there is replaced. */
  readonly path: string;
  /** Versions whose archives are in the store. */
  readonly versions: readonly KnownVersion[];
}

/** Writes a bundle: for the same versions the same bytes. Gives its size. @throws EBPM_BUNDLE_UNWRITABLE, EBPM_OFFLINE */
export async function saveBundle({ home, path, versions }: BundleRequest): Promise<number> {
  const packages = [...versions].sort(
    (a, b) => compareTexts(a.name, b.name) || compareVersions(a.version.version, b.version.version),
  );
  const index: BundleIndex = { bundle: 1, packages };
  const digests = [...new Set(packages.map(({ version }) => version.digest as Digest))].sort();
  const archives = new ArchiveStore(home);
  return writeWhole(path, async (file) => {
    let size = await append(file, tarEntry({ path: BUNDLE_INDEX, bytes: Buffer.from(JSON.stringify(index)) }));
    for (const digest of digests) {
      const bytes = await archives.read(digest);
      // Somebody has cleaned the store in this moment.
      if (bytes === undefined) throw missingOffline([digest]);
      size += await append(file, tarEntry({ path: bundledArchive(digest), bytes }));
    }
    return size + (await append(file, [TAR_END]));
  });
}

async function append(file: FileHandle, parts: readonly Uint8Array[]): Promise<number> {
  for (const part of parts) await file.appendFile(part);
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** The file is there whole or as it was before. */
async function writeWhole<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'ax');
    try {
      const result = await write(file);
      await file.sync();
      await rename(temporary, path);
      await syncFolder(dirname(path));
      return result;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof EbpmError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_BUNDLE_UNWRITABLE', `Cannot write "${path}": ${reason}`, {
      cause,
      hint: 'Name another file: --out FILE',
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
