import {
  EbpmError,
  MANIFEST_FILE,
  type Manifest,
  parseVersion,
  readManifest,
  type TarFile,
  unpackTar,
} from '@ebpm/formats';

/** An archive, unpacked in memory. */
export interface OpenArchive {
  readonly manifest: Manifest;
  readonly files: readonly TarFile[];
}

/**
 * Unpacks a package's archive, whose manifest must name the package and version that it was asked for as.
 *
 * @throws EBPM_MANIFEST_MISSING, EBPM_MANIFEST_MISMATCH, and what unpackTar and readManifest throw
 */
export function openArchive(
  archive: Uint8Array,
  wanted: { readonly name: string; readonly version: string },
): OpenArchive {
  const files = unpackTar(archive);
  const where = `Cannot use the archive of "${wanted.name}@${wanted.version}"`;
  const file = files.find(({ path }) => path === MANIFEST_FILE);
  if (file === undefined) throw new EbpmError('EBPM_MANIFEST_MISSING', `${where}: it has no "${MANIFEST_FILE}"`);
  const manifest = readManifest(file.bytes);
  if (manifest.name === wanted.name && parseVersion(manifest.version) === wanted.version) return { manifest, files };
  throw new EbpmError(
    'EBPM_MANIFEST_MISMATCH',
    `${where}: its "${MANIFEST_FILE}" says "${manifest.name}@${manifest.version}"`,
  );
}
