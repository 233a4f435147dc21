export type {
  EunomiaArgument,
  EunomiaCustomMember,
  EunomiaDataSection,
  EunomiaDoc,
  EunomiaExportConfig,
  EunomiaExportMember,
  EunomiaExportType,
  EunomiaInterpreter,
  EunomiaMap,
  EunomiaProgram,
  EunomiaSample,
  EunomiaVariable,
  HelperFacts,
  KernelFunctionFacts,
  Manifest,
  ManifestCondition,
  ManifestVariant,
  MapFacts,
  ObjectFacts,
  PackageFacts,
  ParameterFacts,
  ProgramFacts,
  SeedField,
  SeedLayout,
  SeedPackage,
  StructOpsFacts,
} from '@ebpm/schemas';
export { type ArchiveEntry, archiveEntries } from './archive-entries.js';
export { encodeBase64 } from './base64.js';
export { type Checkpoint, logOrigin, openCheckpoint, signCheckpoint } from './checkpoint.js';
export { closest } from './closest.js';
export { type Digest, digestHex, digestOf, isDigest, parseDigest, sha256Hex } from './digest.js';
export { isSignedDsse } from './dsse.js';
export { EbpmError, type EbpmErrorOptions, type ErrorCode, type ErrorRow, type ErrorTable } from './ebpm-error.js';
export { FORMATS_ERRORS } from './errors.js';
export type { EunomiaMeta, EunomiaSkel } from './eunomia-meta.js';
export { type EunomiaPackage, readEunomiaPackage } from './eunomia-package.js';
export { JsonTextError, type JsonTextOptions, parseJsonText } from './json-text.js';
export {
  MAX_MANIFEST_BYTES,
  MAX_OBJECT_BYTES,
  MAX_PACKAGE_BYTES,
  MAX_PACKAGE_FILES,
  MAX_PATH_BYTES,
} from './limits.js';
export { MANIFEST_FILE, readManifest } from './manifest.js';
export {
  MIRROR_CHECKPOINT_FILE,
  MIRROR_FILE,
  MIRROR_REVOCATIONS_FILE,
  MIRROR_SEARCH_FILE,
  mirrorBlobFile,
  mirrorEntryFile,
  mirrorPackageFile,
  mirrorVersionFile,
} from './mirror-layout.js';
export { packTar } from './pack-tar.js';
export { type PackageContent, readPackageContent } from './package-content.js';
export { type PackageKind, sniffPackage } from './package-kind.js';
export { isPackageName, isScopeName, parsePackageName } from './package-name.js';
export { type PackageSpec, parseSpec } from './package-spec.js';
export {
  isProven,
  isPublicKey,
  isRotation,
  type ProvenKey,
  proveKey,
  publicKeyOf,
  publisherKeyId,
  signRotation,
} from './publisher-key.js';
export { openRevocations, type Revocations, signRevocations } from './revocations.js';
export { formatNoteKey, type NoteKey, type NoteSigner, noteSigner, parseNoteKey } from './signed-note.js';
export {
  isSignedBundle,
  type OpenedBundle,
  openBundle,
  provenanceOf,
  type SigstoreBundle,
  signBundle,
} from './sigstore-bundle.js';
export { provenanceStatement, publishStatement, STATEMENT_PAYLOAD, type StatementSubject } from './statement.js';
export { isTag, LATEST, parseTag } from './tag.js';
export type { TarFile } from './tar-file.js';
export { readTarEntries, TAR_END, type TarSource, tarEntry } from './tar-stream.js';
export { isCanonicalTar, unpackTar } from './unpack-tar.js';
export {
  compareVersions,
  highestInRange,
  isInRange,
  isPrerelease,
  isRange,
  isVersion,
  parseRange,
  parseVersion,
  versionsInRange,
} from './version.js';
export { writeEunomiaPackage } from './write-eunomia-package.js';
