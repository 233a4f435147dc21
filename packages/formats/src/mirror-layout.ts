// A registry as plain files, for `file:` and for web servers that know nothing of it:
//
//   ebpm-mirror.json                          which registry, and how far its log was followed
//   checkpoint                                the signed head that it was followed to
//   revocations                               what must not be used any more, signed
//   search.json                               every package, as a search without words finds it
//   packages/<name>/package.json              what GET /api/v1/packages/{name} answers; a name with a scope is two folders
//   packages/<name>/versions/<version>.json   what GET .../versions/{version} answers; without build metadata
//   blobs/sha256/<2>/<62>                     archives
//   log/<12 digits>                           entries of the log

/** The file that says that a folder is a mirror. */
export const MIRROR_FILE = 'ebpm-mirror.json';
/** Every package, as a search finds it. */
export const MIRROR_SEARCH_FILE = 'search.json';
/** The signed head of the log. */
export const MIRROR_CHECKPOINT_FILE = 'checkpoint';

/** What must not be used any more, signed. */
export const MIRROR_REVOCATIONS_FILE = 'revocations';

/** Where a package lies in a mirror; `name` must be a package's name. */
export function mirrorPackageFile(name: string): string {
  return `packages/${name}/package.json`;
}

/** Where a version lies in a mirror; `version` comes without build metadata. */
export function mirrorVersionFile(name: string, version: string): string {
  return `packages/${name}/versions/${version}.json`;
}

/** Where an archive lies in a mirror; `hex` is its SHA-256. */
export function mirrorBlobFile(hex: string): string {
  return `blobs/sha256/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/** Where an entry of the log lies in a mirror. */
export function mirrorEntryFile(seq: number): string {
  return `log/${seq.toString().padStart(12, '0')}`;
}
