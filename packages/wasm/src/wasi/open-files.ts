import { MAX_OPEN_FILES } from './limits.js';
import { preopenRights, STDIN_RIGHTS, STDOUT_RIGHTS } from './rights.js';
import { WasiError } from './wasi-error.js';
import type { Preopen } from './wasi-host.js';

/** What stands behind a guest's descriptor. */
export type OpenFile = Stream | RegularFile | Directory;

interface Common {
  rights: bigint;
  inheriting: bigint;
  /** WASI's: append 1, dsync 2, nonblock 4, rsync 8, sync 16. */
  flags: number;
}

export interface Stream extends Common {
  readonly kind: 'stream';
  readonly stream: 'stdin' | 'stdout' | 'stderr';
}

export interface RegularFile extends Common {
  readonly kind: 'file';
  /** The system's descriptor. */
  readonly fd: number;
  /** Where the next read or write is: a guest's descriptor has its own. */
  position: bigint;
}

export interface Directory extends Common {
  readonly kind: 'directory';
  readonly fd: number;
  /** How the guest calls it, where it was given it. */
  readonly guestPath: string | undefined;
  /** Which of the folders that it was given it is, where it is one. */
  readonly preopen: number | undefined;
}

/** A guest's descriptors: numbers of our own, so that no number reaches anything of this process that is not in here. */
export class OpenFiles {
  readonly #files = new Map<number, OpenFile>();

  constructor(preopens: readonly Preopen[]) {
    this.add({ kind: 'stream', stream: 'stdin', rights: STDIN_RIGHTS, inheriting: 0n, flags: 0 });
    this.add({ kind: 'stream', stream: 'stdout', rights: STDOUT_RIGHTS, inheriting: 0n, flags: 0 });
    this.add({ kind: 'stream', stream: 'stderr', rights: STDOUT_RIGHTS, inheriting: 0n, flags: 0 });
    for (const [preopen, { guestPath, fd, writable }] of preopens.entries()) {
      this.add({ kind: 'directory', fd, guestPath, preopen, flags: 0, ...preopenRights(writable) });
    }
  }

  /** @throws WasiError EBADF */
  get(fd: number): OpenFile {
    const file = this.#files.get(fd);
    if (file === undefined) throw new WasiError('EBADF');
    return file;
  }

  /** Which of the folders that the guest was given its descriptor is now; undefined for everything else. */
  preopenAt(fd: number): number | undefined {
    const file = this.#files.get(fd);
    return file?.kind === 'directory' ? file.preopen : undefined;
  }

  /** To be asked before something is opened. @throws WasiError EMFILE */
  checkRoom(): void {
    if (this.#files.size >= MAX_OPEN_FILES) throw new WasiError('EMFILE');
  }

  /** The lowest number that is free. @throws WasiError EMFILE */
  add(file: OpenFile): number {
    this.checkRoom();
    let fd = 0;
    while (this.#files.has(fd)) fd += 1;
    this.#files.set(fd, file);
    return fd;
  }

  /** What was there, for the caller to close. @throws WasiError EBADF */
  remove(fd: number): OpenFile {
    const file = this.get(fd);
    this.#files.delete(fd);
    return file;
  }

  /** `from` becomes `to`; what was there, for the caller to close. @throws WasiError EBADF where one of them is not open */
  renumber(from: number, to: number): OpenFile | undefined {
    const file = this.get(from);
    const replaced = this.get(to);
    if (from === to) return undefined;
    this.#files.delete(from);
    this.#files.set(to, file);
    return replaced;
  }
}

/** @throws WasiError ENOTCAPABLE where the descriptor lacks one of the rights */
export function need(file: OpenFile, rights: bigint): void {
  if ((file.rights & rights) !== rights) throw new WasiError('ENOTCAPABLE');
}
