import { type Digest, digestOf, EbpmError } from '@ebpm/formats';
import { ArchiveStore } from './archive-store.js';
import { MIN_CONTINUED_BYTES } from './limits.js';
import type { PackageRegistry } from './package-registry.js';
import { PartialArchive } from './partial-archive.js';

/** An archive that is wanted. */
export interface ArchiveRequest {
  readonly home: string;
  readonly registry: Pick<PackageRegistry, 'blob'>;
  readonly digest: Digest;
  /** As the registry says it. */
  readonly sizeBytes: number;
  readonly onProgress?: (receivedBytes: number) => void;
}

/**
 * The bytes of an archive: from the store, else from the registry, from where an earlier download of it broke off.
 *
 * @throws EBPM_DIGEST_MISMATCH, EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE, and what the registry answers
 */
export async function fetchArchive(request: ArchiveRequest): Promise<Uint8Array> {
  const { home, registry, digest, sizeBytes, onProgress } = request;
  const there = await new ArchiveStore(home).read(digest);
  if (there !== undefined) return there;
  if (sizeBytes < MIN_CONTINUED_BYTES) return registry.blob(digest, { onProgress });
  const partial = await PartialArchive.open(home, digest);
  try {
    // It may have been killed just before it was done.
    const isWhole = digestOf(partial.begun) === digest;
    const bytes = isWhole ? partial.begun : await registry.blob(digest, { onProgress, continued: partial });
    await partial.remove();
    return bytes;
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    if (error.code === 'EBPM_REGISTRY_UNREACHABLE' && partial.isBegun) throw goesOn(error);
    if (error.code !== 'EBPM_DIGEST_MISMATCH') throw error;
    await partial.remove();
    if (partial.begun.length === 0) throw error;
    return await registry.blob(digest, { onProgress });
  } finally {
    await partial.close();
  }
}

/** The same error, which says that what has arrived is not lost. */
function goesOn(error: EbpmError): EbpmError {
  const kept = 'What has arrived is kept: the same command goes on from there';
  const { code, message, hint, data } = error;
  return new EbpmError(code, message, {
    cause: error,
    hint: hint === undefined ? kept : `${kept}\n${hint}`,
    ...(data !== undefined && { data }),
  });
}
