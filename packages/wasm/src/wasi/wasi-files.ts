/**
 * The door to the system's files. Directories and files are the system's descriptors; a path never leads out of the directory that it starts from, whatever happens to the
 * directories meanwhile. Calls throw errors that have the system's `errno`.
 */
export interface WasiFiles {
  /** A descriptor. Only regular files and directories open. */
  open(directory: number, path: string, how: OpenHow): number;
  close(fd: number): void;
  state(fd: number): FileState;
  /** Without opening it. */
  stateAt(directory: number, path: string, follow: boolean): FileState;
  /** How many bytes; 0 at the end. */
  read(fd: number, buffers: readonly Uint8Array[], position: bigint): number;
  /** How many bytes. Where the file is open for appending the position counts for nothing. */
  write(fd: number, buffers: readonly Uint8Array[], position: bigint): number;
  setAppend(fd: number, append: boolean): void;
  setSize(fd: number, sizeBytes: bigint): void;
  /** Makes room on the disk, and the file at least that long. */
  allocate(fd: number, offset: bigint, length: bigint): void;
  sync(fd: number, dataOnly: boolean): void;
  setTimes(fd: number, times: FileTimes): void;
  setTimesAt(directory: number, path: string, follow: boolean, times: FileTimes): void;
  /** From where `cookie` says, 0 for the start; none at the end. */
  readDirectory(fd: number, cookie: bigint, maxBytes: number): readonly DirectoryEntry[];
  makeDirectory(directory: number, path: string): void;
  removeDirectory(directory: number, path: string): void;
  unlink(directory: number, path: string): void;
  rename(directory: number, path: string, newDirectory: number, newPath: string): void;
  link(directory: number, path: string, newDirectory: number, newPath: string): void;
  symlink(target: string, directory: number, path: string): void;
  readLink(directory: number, path: string): Uint8Array;
}

/** How a file is opened. */
export interface OpenHow {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  /** Nothing but a directory. */
  readonly directory: boolean;
  /** Whether a symbolic link at the path's end is followed. */
  readonly follow: boolean;
  readonly append: boolean;
  /** Each write is on the disk before it returns. */
  readonly sync: 'none' | 'data' | 'all';
}

/** What stat(2) says. */
export interface FileState {
  readonly device: bigint;
  readonly inode: bigint;
  readonly type: FileType;
  readonly links: bigint;
  readonly sizeBytes: bigint;
  readonly accessedNs: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export interface DirectoryEntry {
  /** As the file system has it, which may be no UTF-8. */
  readonly name: Uint8Array;
  readonly inode: bigint;
  readonly type: FileType;
  /** The cookie of what follows it. */
  readonly next: bigint;
}

/** Nanoseconds since 1970, or the time of now; undefined: as it is. */
export interface FileTimes {
  readonly accessed: bigint | 'now' | undefined;
  readonly modified: bigint | 'now' | undefined;
}

/** WASI's numbers for kinds of files; a FIFO is unknown to it. */
export const FILE_TYPE = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regular: 4,
  socketDatagram: 5,
  socketStream: 6,
  symbolicLink: 7,
} as const;

export type FileType = (typeof FILE_TYPE)[keyof typeof FILE_TYPE];
