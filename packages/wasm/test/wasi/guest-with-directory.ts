import { constants, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemFiles } from '../../src/wasi/system-files.js';
import { RESULT, WasiGuest } from './wasi-guest.js';

const RIGHT_READ = (1n << 1n) | (1n << 2n) | (1n << 5n) | (1n << 14n) | (1n << 21n) | (1n << 27n) | (1n << 3n);
const RIGHT_WRITE = (1n << 6n) | (1n << 8n) | (1n << 22n) | (1n << 23n) | 1n | (1n << 4n);

/** `oflags` */
export const O = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;

/** The guest's descriptor of its directory. */
export const DIR = 3;

/** A guest that was given one directory, `root` outside, which lies beside others that it must not reach. */
export class GuestWithDirectory extends WasiGuest {
  readonly outside: string;
  readonly root: string;

  constructor({ writable = true } = {}) {
    const outside = mkdtempSync(join(tmpdir(), 'ebpm-wasi-'));
    const root = join(outside, 'root');
    mkdirSync(root);
    const fd = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
    super({ preopens: [{ guestPath: '/data', fd, writable }], files: systemFiles() });
    this.outside = outside;
    this.root = root;
  }

  /** What path_open gives; the descriptor is the result. */
  open(
    path: string,
    {
      flags = 0,
      rights = RIGHT_READ | RIGHT_WRITE,
      inheriting = -1n,
      fdFlags = 0,
      follow = true,
      at = DIR,
    }: { flags?: number; rights?: bigint; inheriting?: bigint; fdFlags?: number; follow?: boolean; at?: number } = {},
  ): number {
    return this.call('path_open', at, Number(follow), ...this.text(path), flags, rights, inheriting, fdFlags, RESULT);
  }

  /** To read only, as C libraries ask for it. */
  openToRead(path: string, flags = 0): number {
    return this.open(path, { rights: RIGHT_READ, flags });
  }

  /** The descriptor of a file that must open. */
  opened(path: string, options?: Parameters<GuestWithDirectory['open']>[1]): number {
    const errno = this.open(path, options);
    if (errno !== 0) throw new Error(`path_open of "${path}" gave ${errno}`);
    return this.result;
  }

  write(fd: number, text: string): number {
    return this.call('fd_write', fd, ...this.vectors(this.text(text)), RESULT);
  }

  read(fd: number, bytes = 200): string {
    const at = this.room(bytes);
    const errno = this.call('fd_read', fd, ...this.vectors([at, bytes]), RESULT);
    if (errno !== 0) throw new Error(`fd_read gave ${errno}`);
    return this.utf8(at, this.result);
  }

  /** The names that fd_readdir gives through a buffer of that size. */
  names(fd: number, bufferBytes = 4096): string[] {
    const buffer = this.room(bufferBytes);
    const names: string[] = [];
    for (let cookie = 0n; ; ) {
      const errno = this.call('fd_readdir', fd, buffer, bufferBytes, cookie, RESULT);
      if (errno !== 0) throw new Error(`fd_readdir gave ${errno}`);
      const used = this.result;
      for (let at = 0; at + 24 <= used; ) {
        const header = this.memory.struct(buffer + at, 24);
        const length = header.getUint32(16, true);
        if (at + 24 + length > used) break;
        names.push(this.utf8(buffer + at + 24, length));
        cookie = header.getBigUint64(0, true);
        at += 24 + length;
      }
      if (used < bufferBytes) return names.sort();
    }
  }

  remove(): void {
    this.call('fd_close', DIR);
    rmSync(this.outside, { recursive: true });
  }
}
