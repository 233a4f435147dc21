import { need, type OpenFile } from '../open-files.js';
import { DIRECTORY_RIGHTS, FILE_RIGHTS, READING_RIGHTS, RIGHT, WRITING_RIGHTS } from '../rights.js';
import { WasiError } from '../wasi-error.js';
import { FILE_TYPE } from '../wasi-files.js';
import type { Wasi } from '../wasi-imports.js';
import { directoryOf } from './directories.js';
import { follows } from './follows.js';

const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
const FLAG = { append: 1, dsync: 2, sync: 16, rsync: 8 } as const;

type PathOpen = [number, number, number, number, number, bigint, bigint, number, number];

/**
 * What is opened has the rights that are asked for and that its directory passes on, of those that its kind can have: C libraries ask for what the directory has, Rust's for many, so
 * that only what is to be written and may not be is refused at once.
 */
export function openPath(wasi: Wasi, path: (pointer: number, length: number) => string) {
  const { host, files } = wasi;
  return (...[fd, lookup, name, length, open, rights, inheriting, flags, opened]: PathOpen): void => {
    const parent = directoryOf(files.get(fd), RIGHT.pathOpen);
    if ((open & ~15) !== 0 || (flags & ~31) !== 0) throw new WasiError('EINVAL');
    if ((open & OPEN.create) !== 0) need(parent, RIGHT.pathCreateFile);
    if ((open & OPEN.truncate) !== 0) need(parent, RIGHT.pathFilestatSetSize);
    if ((rights & RIGHT.fdWrite & ~parent.inheriting) !== 0n) throw new WasiError('ENOTCAPABLE');
    files.checkRoom();
    const directory = (open & OPEN.directory) !== 0;
    const granted = rights & parent.inheriting;
    const system = host.files.open(parent.fd, path(name, length), {
      read: directory || (granted & READING_RIGHTS) !== 0n,
      write: !directory && (granted & WRITING_RIGHTS) !== 0n,
      create: (open & OPEN.create) !== 0,
      exclusive: (open & OPEN.exclusive) !== 0,
      truncate: (open & OPEN.truncate) !== 0,
      directory,
      follow: follows(lookup),
      append: (flags & FLAG.append) !== 0,
      sync: (flags & (FLAG.sync | FLAG.rsync)) !== 0 ? 'all' : (flags & FLAG.dsync) !== 0 ? 'data' : 'none',
    });
    host.memory.setU32(opened, files.add(openFile(wasi, system, granted, inheriting & parent.inheriting, flags)));
  };
}

function openFile({ host }: Wasi, fd: number, rights: bigint, inheriting: bigint, flags: number): OpenFile {
  if (host.files.state(fd).type !== FILE_TYPE.directory) {
    return { kind: 'file', fd, rights: rights & FILE_RIGHTS, inheriting: 0n, flags, position: 0n };
  }
  return {
    kind: 'directory',
    fd,
    rights: rights & DIRECTORY_RIGHTS,
    inheriting,
    flags,
    guestPath: undefined,
    preopen: undefined,
  };
}
