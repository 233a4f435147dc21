import {
  type Digest,
  digestOf,
  EbpmError,
  MANIFEST_FILE,
  type Manifest,
  readManifest,
  sha256Hex,
  type TarFile,
  unpackTar,
} from '@ebpm/formats';
import { packageFacts } from '@ebpm/object';
import type { ListedFile } from '../fold/package-state.js';
import type { JsonValue } from '../log/op.js';
import { checkMetadataSize } from './metadata-size.js';
import { type PackedFacts, packFacts } from './packed-facts.js';
import { readSections } from './read-sections.js';

/** What a client says of the archive that it sends. */
export interface PackageClaim {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

/** An archive that was checked. */
export interface CheckedPackage {
  readonly digest: Digest;
  readonly files: readonly ListedFile[];
  /** ebpm.json, which its schema allows. */
  readonly manifest: Readonly<Record<string, JsonValue>>;
  /** libbpf's names of the sections that its programs are in. */
  readonly sections: readonly string[];
  /** What its objects do. */
  readonly facts: PackedFacts;
}

/**
 * Checks an archive that somebody wants to publish: its bytes are those of the digest, it is a canonical tar, and its manifest is
 * valid and says the same as the claim.
 * @throws EBPM_DIGEST_MISMATCH, EBPM_MANIFEST_MISSING, EBPM_MANIFEST_MISMATCH, EBPM_PACKAGE_PRIVATE, EBPM_PACKAGE_METADATA_TOO_LARGE
 * @throws EBPM_ARCHIVE_*, EBPM_MANIFEST_* of `@ebpm/formats`, EBPM_FACTS_TOO_LARGE
 */
export function checkPackage(archive: Uint8Array, claim: PackageClaim): CheckedPackage {
  const digest = digestOf(archive);
  if (digest !== claim.digest) throw digestMismatch(claim.digest, digest);
  const files = unpackTar(archive);
  const manifestFile = files.find(({ path }) => path === MANIFEST_FILE);
  if (manifestFile === undefined) throw manifestMissing();
  const manifest = readManifest(manifestFile.bytes);
  if (manifest.name !== claim.name) throw manifestMismatch('name', manifest.name, claim.name);
  if (manifest.version !== claim.version) throw manifestMismatch('version', manifest.version, claim.version);
  if (manifest.private === true) throw isPrivate(claim);
  // Before each of a thousand files is hashed and looked into.
  checkMetadataSize(claim, { files: files.length, sizeBytes: leastSize(manifest, files) });
  const facts = packageFacts(files);
  return {
    digest,
    files: files.map(({ path, bytes }) => ({ path, size: bytes.length, sha256: sha256Hex(bytes) })),
    manifest: Object.fromEntries(Object.entries(manifest)),
    sections: readSections(manifest, facts),
    facts: packFacts(facts),
  };
}

/** What the manifest and the list of files take in the log, without anything else. */
function leastSize(manifest: Manifest, files: readonly TarFile[]): number {
  const listed = files.map(({ path, bytes }) => ({ path, size: bytes.length, sha256: '0'.repeat(64) }));
  return Buffer.byteLength(JSON.stringify([manifest, listed]));
}

function digestMismatch(claimed: string, digest: Digest): EbpmError {
  const message = `Cannot take the archive: its digest is "${digest}", and "ebpm-digest" says "${claimed}"`;
  return new EbpmError('EBPM_DIGEST_MISMATCH', message, { data: { digest } });
}

function manifestMissing(): EbpmError {
  return new EbpmError('EBPM_MANIFEST_MISSING', `Cannot take the archive: it has no "${MANIFEST_FILE}"`);
}

function manifestMismatch(key: string, inManifest: string, inUrl: string): EbpmError {
  const message = `Cannot take the archive: "${MANIFEST_FILE}" has the ${key} "${inManifest}", and the URL "${inUrl}"`;
  return new EbpmError('EBPM_MANIFEST_MISMATCH', message);
}

function isPrivate({ name }: PackageClaim): EbpmError {
  return new EbpmError(
    'EBPM_PACKAGE_PRIVATE',
    `Cannot publish "${name}": its "${MANIFEST_FILE}" says "private": true`,
    {
      hint: `remove "private" from ${MANIFEST_FILE} if everybody is to have it`,
    },
  );
}
