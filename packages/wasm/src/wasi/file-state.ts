import { type BigIntStats, constants } from 'node:fs';
import { FILE_TYPE, type FileState, type FileType } from './wasi-files.js';

/** WASI's kind of file by stat(2)'s. */
const BY_MODE: ReadonlyMap<number, FileType> = new Map([
  [constants.S_IFBLK, FILE_TYPE.blockDevice],
  [constants.S_IFCHR, FILE_TYPE.characterDevice],
  [constants.S_IFDIR, FILE_TYPE.directory],
  [constants.S_IFREG, FILE_TYPE.regular],
  [constants.S_IFSOCK, FILE_TYPE.socketStream],
  [constants.S_IFLNK, FILE_TYPE.symbolicLink],
]);

/** What fstat(2) says. */
export function fileState(stats: BigIntStats): FileState {
  return {
    device: stats.dev,
    inode: stats.ino,
    type: BY_MODE.get(Number(stats.mode) & constants.S_IFMT) ?? FILE_TYPE.unknown,
    links: stats.nlink,
    sizeBytes: stats.size,
    accessedNs: stats.atimeNs,
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
  };
}

/** By a directory's entry (readdir(3)), whose DT_ numbers are those of the mode, shifted. */
export function fileTypeOfEntry(type: number): FileType {
  return BY_MODE.get(type << 12) ?? FILE_TYPE.unknown;
}
