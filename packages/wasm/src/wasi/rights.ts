/**
 * Rights of a descriptor, as bits. @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#-rights-record
 */
export const RIGHT = {
  fdDatasync: 1n << 0n,
  fdRead: 1n << 1n,
  fdSeek: 1n << 2n,
  fdFdstatSetFlags: 1n << 3n,
  fdSync: 1n << 4n,
  fdTell: 1n << 5n,
  fdWrite: 1n << 6n,
  fdAdvise: 1n << 7n,
  fdAllocate: 1n << 8n,
  pathCreateDirectory: 1n << 9n,
  pathCreateFile: 1n << 10n,
  pathLinkSource: 1n << 11n,
  pathLinkTarget: 1n << 12n,
  pathOpen: 1n << 13n,
  fdReaddir: 1n << 14n,
  pathReadlink: 1n << 15n,
  pathRenameSource: 1n << 16n,
  pathRenameTarget: 1n << 17n,
  pathFilestatGet: 1n << 18n,
  pathFilestatSetSize: 1n << 19n,
  pathFilestatSetTimes: 1n << 20n,
  fdFilestatGet: 1n << 21n,
  fdFilestatSetSize: 1n << 22n,
  fdFilestatSetTimes: 1n << 23n,
  pathSymlink: 1n << 24n,
  pathRemoveDirectory: 1n << 25n,
  pathUnlinkFile: 1n << 26n,
  pollFdReadwrite: 1n << 27n,
} as const;

const READ_FILE =
  RIGHT.fdRead |
  RIGHT.fdSeek |
  RIGHT.fdTell |
  RIGHT.fdFdstatSetFlags |
  RIGHT.fdAdvise |
  RIGHT.fdFilestatGet |
  RIGHT.pollFdReadwrite;

const WRITE_FILE =
  RIGHT.fdWrite |
  RIGHT.fdDatasync |
  RIGHT.fdSync |
  RIGHT.fdAllocate |
  RIGHT.fdFilestatSetSize |
  RIGHT.fdFilestatSetTimes;

const READ_DIRECTORY =
  RIGHT.pathOpen |
  RIGHT.fdReaddir |
  RIGHT.pathReadlink |
  RIGHT.pathFilestatGet |
  RIGHT.fdFilestatGet |
  RIGHT.fdFdstatSetFlags;

const WRITE_DIRECTORY =
  RIGHT.pathCreateDirectory |
  RIGHT.pathCreateFile |
  RIGHT.pathLinkSource |
  RIGHT.pathLinkTarget |
  RIGHT.pathRenameSource |
  RIGHT.pathRenameTarget |
  RIGHT.pathFilestatSetSize |
  RIGHT.pathFilestatSetTimes |
  RIGHT.fdFilestatSetTimes |
  RIGHT.fdDatasync |
  RIGHT.fdSync |
  RIGHT.pathSymlink |
  RIGHT.pathRemoveDirectory |
  RIGHT.pathUnlinkFile;

/** All that a file and a directory can have. */
export const FILE_RIGHTS = READ_FILE | WRITE_FILE;
export const DIRECTORY_RIGHTS = READ_DIRECTORY | WRITE_DIRECTORY;

/** What needs a file that is open for writing, and for reading. */
export const WRITING_RIGHTS = RIGHT.fdWrite | RIGHT.fdAllocate | RIGHT.fdFilestatSetSize;
export const READING_RIGHTS = RIGHT.fdRead;

/** Of a directory that is given to a guest, and what it passes on to all that is opened under it. */
export function preopenRights(writable: boolean): { readonly rights: bigint; readonly inheriting: bigint } {
  return writable
    ? { rights: DIRECTORY_RIGHTS, inheriting: DIRECTORY_RIGHTS | FILE_RIGHTS }
    : { rights: READ_DIRECTORY, inheriting: READ_DIRECTORY | READ_FILE };
}

/** Streams have no position, and no times that could be set. */
export const STDIN_RIGHTS = RIGHT.fdRead | RIGHT.fdFilestatGet | RIGHT.fdFdstatSetFlags | RIGHT.pollFdReadwrite;
export const STDOUT_RIGHTS = RIGHT.fdWrite | RIGHT.fdFilestatGet | RIGHT.fdFdstatSetFlags | RIGHT.pollFdReadwrite;
