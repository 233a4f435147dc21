import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuestFault } from '../../src/guest-fault.js';
import { DIR, GuestWithDirectory, O } from './guest-with-directory.js';
import { RESULT } from './wasi-guest.js';

const EBADF = 8;
const EEXIST = 20;
const EFBIG = 22;
const EILSEQ = 25;
const EINVAL = 28;
const EISDIR = 31;
const ELOOP = 32;
const EMFILE = 33;
const ENAMETOOLONG = 37;
const ENOENT = 44;
const ENOTDIR = 54;
const ENOTEMPTY = 55;
const ENOTSUP = 58;
const EPERM = 63;
const ENOTCAPABLE = 76;
const PAGE = 65536;

describe('wasiImports() with a directory', () => {
  let guest: GuestWithDirectory;
  const inside = (...path: string[]) => join(guest.root, ...path);
  beforeEach(() => {
    guest = new GuestWithDirectory();
  });
  afterEach(() => guest.remove());

  it('fd_prestat_get and fd_prestat_dir_name say how the guest calls it', () => {
    expect(guest.call('fd_prestat_get', DIR, RESULT)).toBe(0);
    expect([guest.result, guest.memory.u32(RESULT + 4)]).toEqual([0, 5]);
    expect(guest.call('fd_prestat_dir_name', DIR, 64, 5)).toBe(0);
    expect(guest.utf8(64, 5)).toBe('/data');
    expect(guest.call('fd_prestat_dir_name', DIR, 64, 4)).toBe(ENAMETOOLONG);
    expect(guest.call('fd_prestat_get', DIR + 1, RESULT)).toBe(EBADF);
    mkdirSync(inside('sub'));
    expect(guest.call('fd_prestat_get', guest.opened('sub', { flags: O.directory }), RESULT)).toBe(EBADF);
    expect(() => guest.call('fd_prestat_get', DIR, PAGE - 7)).toThrow(GuestFault);
    expect(() => guest.call('fd_prestat_dir_name', DIR, PAGE - 4, 5)).toThrow(GuestFault);
  });

  it('path_open makes, writes, seeks, reads', () => {
    const fd = guest.opened('new.txt', { flags: O.create | O.exclusive });
    expect(fd).toBe(4);
    expect(guest.write(fd, 'hello, world')).toBe(0);
    expect(guest.result).toBe(12);
    expect(guest.call('fd_tell', fd, RESULT)).toBe(0);
    expect(guest.result64).toBe(12n);
    expect(guest.call('fd_seek', fd, -5n, 2, RESULT)).toBe(0);
    expect(guest.result64).toBe(7n);
    expect(guest.read(fd)).toBe('world');
    expect(guest.read(fd)).toBe('');
    expect(guest.call('fd_seek', fd, 5n, 0, RESULT)).toBe(0);
    expect(guest.call('fd_seek', fd, 2n, 1, RESULT)).toBe(0);
    expect(guest.read(fd, 3)).toBe('wor');
    expect(readFileSync(inside('new.txt'), 'utf8')).toBe('hello, world');
    expect(statSync(inside('new.txt')).mode & 0o7111).toBe(0);
    expect(guest.open('new.txt', { flags: O.create | O.exclusive })).toBe(EEXIST);
    expect(guest.opened('new.txt', { flags: O.truncate })).toBe(5);
    expect(readFileSync(inside('new.txt'), 'utf8')).toBe('');
  });

  it('path_open refuses what is not there, is of another kind, and flags that there are not', () => {
    mkdirSync(inside('sub'));
    writeFileSync(inside('file'), 'x');
    symlinkSync('file', inside('link'));
    expect(guest.open('missing')).toBe(ENOENT);
    expect(guest.open('sub')).toBe(EISDIR);
    expect(guest.open('file', { flags: O.directory })).toBe(ENOTDIR);
    expect(guest.open('file/x')).toBe(ENOTDIR);
    expect(guest.open('link', { follow: false })).toBe(ELOOP);
    expect(guest.open('file', { flags: 16 })).toBe(EINVAL);
    expect(guest.open('file', { fdFlags: 32 })).toBe(EINVAL);
    expect(guest.call('path_open', DIR, 2, ...guest.text('file'), 0, 0n, 0n, 0, RESULT)).toBe(EINVAL);
    expect(guest.open('file', { at: guest.opened('file') })).toBe(ENOTDIR);
    expect(guest.open('file', { at: 99 })).toBe(EBADF);
    expect(() => guest.call('path_open', DIR, 0, ...guest.text('file'), 0, 0n, 0n, 0, PAGE - 3)).toThrow(GuestFault);
    expect(() => guest.call('path_open', DIR, 0, PAGE - 1, 2, 0, 0n, 0n, 0, RESULT)).toThrow(GuestFault);
  });

  it.each([
    ['', ENOENT],
    ['x'.repeat(4096), ENAMETOOLONG],
    ['x'.repeat(256), ENAMETOOLONG],
    ['a\0b', EINVAL],
    [Buffer.from([0x61, 0xff]), EILSEQ],
  ])('paths are what Linux takes, in UTF-8: %j', (path, errno) => {
    const text = guest.text(path);
    expect(guest.call('path_open', DIR, 0, ...text, 0, 0n, 0n, 0, RESULT)).toBe(errno);
    expect(guest.call('path_filestat_get', DIR, 0, ...text, 64)).toBe(errno);
    expect(guest.call('path_unlink_file', DIR, ...text)).toBe(errno);
  });

  it('path_open gives 256 descriptors in all, and those closed again', () => {
    writeFileSync(inside('file'), 'x');
    for (let fd = 4; fd < 256; fd += 1) expect(guest.openToRead('file')).toBe(0);
    expect(guest.openToRead('file')).toBe(EMFILE);
    expect(guest.call('fd_close', 77)).toBe(0);
    expect(guest.opened('file')).toBe(77);
    for (let fd = 4; fd < 256; fd += 1) expect(guest.call('fd_close', fd)).toBe(0);
  });

  it('fd_pread and fd_pwrite leave the position where it is', () => {
    const fd = guest.opened('file', { flags: O.create });
    guest.write(fd, 'abcdef');
    const at = guest.room(3);
    expect(guest.call('fd_pread', fd, ...guest.vectors([at, 3]), 2n, RESULT)).toBe(0);
    expect([guest.result, guest.utf8(at, 3)]).toEqual([3, 'cde']);
    expect(guest.call('fd_pwrite', fd, ...guest.vectors(guest.text('X'), guest.text('Y')), 1n, RESULT)).toBe(0);
    expect(guest.result).toBe(2);
    guest.write(fd, '!');
    expect(readFileSync(inside('file'), 'utf8')).toBe('aXYdef!');
    expect(guest.call('fd_pread', fd, ...guest.vectors([at, 3]), -1n, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_pwrite', fd, ...guest.vectors([at, 3]), -1n, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_pwrite', fd, ...guest.vectors([at, 3]), 2n ** 62n, RESULT)).toBe(EFBIG);
    expect(guest.call('fd_pread', fd, ...guest.vectors([at, 3]), 2n ** 62n, RESULT)).toBe(0);
    expect(guest.result).toBe(0);
    expect(() => guest.call('fd_pread', fd, ...guest.vectors([PAGE - 2, 3]), 0n, RESULT)).toThrow(GuestFault);
    expect(() => guest.call('fd_pwrite', fd, ...guest.vectors([PAGE - 2, 3]), 0n, RESULT)).toThrow(GuestFault);
  });

  it('fd_seek refuses to go before the start, and a direction that there is not', () => {
    const fd = guest.opened('file', { flags: O.create });
    expect(guest.call('fd_seek', fd, -1n, 0, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_seek', fd, -1n, 1, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_seek', fd, 0n, 3, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_seek', fd, 2n ** 63n - 1n, 0, RESULT)).toBe(0);
    expect(guest.call('fd_seek', fd, 1n, 1, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_seek', DIR, 0n, 0, RESULT)).toBe(EISDIR);
    expect(guest.call('fd_tell', DIR, RESULT)).toBe(EISDIR);
  });

  it('append writes at the end wherever one stands, and can be set and taken away', () => {
    writeFileSync(inside('log'), 'one\n');
    const fd = guest.opened('log', { fdFlags: 1 });
    guest.write(fd, 'two\n');
    expect(guest.call('fd_tell', fd, RESULT)).toBe(0);
    expect(guest.result64).toBe(8n);
    expect(guest.call('fd_fdstat_set_flags', fd, 0)).toBe(0);
    guest.call('fd_seek', fd, 0n, 0, RESULT);
    guest.write(fd, 'ONE');
    expect(guest.call('fd_fdstat_set_flags', fd, 1)).toBe(0);
    guest.write(fd, 'end\n');
    expect(readFileSync(inside('log'), 'utf8')).toBe('ONE\ntwo\nend\n');
    expect(guest.call('fd_fdstat_set_flags', fd, 2)).toBe(ENOTSUP);
  });

  it('a file has the rights that were asked for, and no more', () => {
    writeFileSync(inside('file'), 'x');
    expect(guest.openToRead('file')).toBe(0);
    const fd = guest.result;
    expect(guest.write(fd, 'y')).toBe(ENOTCAPABLE);
    expect(guest.call('fd_filestat_set_size', fd, 0n)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_filestat_set_times', fd, 0n, 0n, 0)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_allocate', fd, 0n, 9n)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_sync', fd)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_datasync', fd)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_advise', fd, 0n, 0n, 0)).toBe(ENOTCAPABLE);
    const blind = guest.opened('file', { rights: 1n << 6n });
    expect(guest.call('fd_read', blind, ...guest.vectors([64, 4]), RESULT)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_pread', blind, ...guest.vectors([64, 4]), 0n, RESULT)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_seek', blind, 1n, 0, RESULT)).toBe(ENOTCAPABLE);
  });

  it('fd_filestat_get and path_filestat_get say what stat(2) says', () => {
    writeFileSync(inside('file'), 'twelve bytes');
    utimesSync(inside('file'), 1000.5, 2000);
    linkSync(inside('file'), inside('other'));
    symlinkSync('file', inside('link'));
    const stat = () => {
      const struct = guest.memory.struct(64, 64);
      return [16, 24, 32, 40, 48].map((at) => struct.getBigUint64(at, true));
    };
    expect(guest.call('fd_filestat_get', guest.opened('file'), 64)).toBe(0);
    expect(stat()).toEqual([4n, 2n, 12n, 1_000_500_000_000n, 2_000_000_000_000n]);
    expect(guest.call('path_filestat_get', DIR, 1, ...guest.text('link'), 64)).toBe(0);
    expect(stat()).toEqual([4n, 2n, 12n, 1_000_500_000_000n, 2_000_000_000_000n]);
    expect(guest.memory.struct(64, 64).getBigUint64(8, true)).toBe(statSync(inside('file'), { bigint: true }).ino);
    expect(guest.call('path_filestat_get', DIR, 0, ...guest.text('link'), 64)).toBe(0);
    expect(stat().slice(0, 3)).toEqual([7n, 1n, 4n]);
    expect(guest.call('fd_filestat_get', DIR, 64)).toBe(0);
    expect(stat()[0]).toBe(3n);
    expect(guest.call('path_filestat_get', DIR, 0, ...guest.text('.'), 64)).toBe(0);
    expect(guest.call('path_filestat_get', DIR, 0, ...guest.text('missing'), 64)).toBe(ENOENT);
    expect(guest.call('path_filestat_get', DIR, 2, ...guest.text('file'), 64)).toBe(EINVAL);
    expect(guest.call('path_filestat_get', 1, 0, ...guest.text('file'), 64)).toBe(ENOTDIR);
    expect(() => guest.call('path_filestat_get', DIR, 0, ...guest.text('file'), PAGE - 63)).toThrow(GuestFault);
  });

  it('fd_filestat_set_size and fd_allocate change sizes', () => {
    const fd = guest.opened('file', { flags: O.create });
    expect(guest.call('fd_filestat_set_size', fd, 100n)).toBe(0);
    expect(statSync(inside('file')).size).toBe(100);
    expect([0, ENOTSUP]).toContain(guest.call('fd_allocate', fd, 100n, 50n));
    expect(guest.call('fd_filestat_set_size', fd, -1n)).toBe(EINVAL);
    expect(guest.call('fd_filestat_set_size', fd, 2n ** 60n)).toBe(EFBIG);
    expect(guest.call('fd_allocate', fd, 0n, 0n)).toBe(EINVAL);
    expect(guest.call('fd_allocate', fd, -1n, 1n)).toBe(EINVAL);
    expect(guest.call('fd_allocate', fd, 2n ** 63n - 1n, 1n)).toBe(EFBIG);
    expect(guest.call('fd_filestat_set_size', DIR, 0n)).toBe(EISDIR);
    expect(guest.call('fd_allocate', DIR, 0n, 1n)).toBe(EISDIR);
  });

  it('fd_filestat_set_times and path_filestat_set_times set what they are told to, to the nanosecond', () => {
    const fd = guest.opened('file', { flags: O.create });
    symlinkSync('file', inside('link'));
    expect(guest.call('fd_filestat_set_times', fd, 1_000_000_001n, 2_000_000_002n, 5)).toBe(0);
    expect(statSync(inside('file'), { bigint: true })).toMatchObject({
      atimeNs: 1_000_000_001n,
      mtimeNs: 2_000_000_002n,
    });
    expect(guest.call('path_filestat_set_times', DIR, 1, ...guest.text('link'), 7n, 9n, 4)).toBe(0);
    expect(statSync(inside('file'), { bigint: true })).toMatchObject({ atimeNs: 1_000_000_001n, mtimeNs: 9n });
    expect(guest.call('path_filestat_set_times', DIR, 0, ...guest.text('link'), 7n, 11n, 4)).toBe(0);
    expect(lstatSync(inside('link'), { bigint: true }).mtimeNs).toBe(11n);
    expect(guest.call('fd_filestat_set_times', fd, 0n, 0n, 8)).toBe(0);
    expect(statSync(inside('file')).mtimeMs).toBeGreaterThan(1e12);
    expect(guest.call('fd_filestat_set_times', fd, 0n, 0n, 3)).toBe(EINVAL);
    expect(guest.call('fd_filestat_set_times', fd, 0n, 0n, 16)).toBe(EINVAL);
    expect(guest.call('path_filestat_set_times', DIR, 0, ...guest.text('file'), 0n, 0n, 12)).toBe(EINVAL);
    expect(guest.call('path_filestat_set_times', DIR, 0, ...guest.text('missing'), 0n, 0n, 1)).toBe(ENOENT);
  });

  it('fd_sync and fd_datasync do, fd_advise takes what there is', () => {
    const fd = guest.opened('file', { flags: O.create });
    expect([guest.call('fd_sync', fd), guest.call('fd_datasync', fd), guest.call('fd_sync', 99)]).toEqual([
      0,
      0,
      EBADF,
    ]);
    const all = guest.opened('file', { rights: -1n });
    expect(guest.call('fd_advise', all, 0n, 10n, 5)).toBe(0);
    expect(guest.call('fd_advise', all, 0n, 10n, 6)).toBe(EINVAL);
    expect(guest.call('fd_advise', all, -1n, 10n, 0)).toBe(EINVAL);
    expect(guest.call('fd_advise', DIR, 0n, 10n, 0)).toBe(EISDIR);
  });

  it('fd_readdir gives every name once, however small the buffer', () => {
    const names = Array.from({ length: 40 }, (_, index) => `file-${index}`);
    for (const name of names) writeFileSync(inside(name), '');
    mkdirSync(inside('sub'));
    const all = ['.', '..', ...names, 'sub'].sort();
    expect(guest.names(DIR)).toEqual(all);
    expect(guest.names(DIR, 50)).toEqual(all);
    expect(guest.names(guest.opened('sub', { flags: O.directory }))).toEqual(['.', '..']);
    expect(guest.call('fd_readdir', DIR, 64, 10, 0n, RESULT)).toBe(0);
    expect(guest.result).toBe(10);
    expect(guest.call('fd_readdir', DIR, 64, 0, 0n, RESULT)).toBe(0);
    expect(guest.result).toBe(0);
    expect(guest.call('fd_readdir', DIR, 64, 100, -1n, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_readdir', guest.opened('file-1'), 64, 100, 0n, RESULT)).toBe(ENOTDIR);
    expect(() => guest.call('fd_readdir', DIR, PAGE - 10, 11, 0n, RESULT)).toThrow(GuestFault);
  });

  it('path_create_directory, path_remove_directory and path_unlink_file make and remove', () => {
    const on = (name: string, path: string) => guest.call(name, DIR, ...guest.text(path));
    expect(on('path_create_directory', 'a')).toBe(0);
    expect(on('path_create_directory', 'a/b/')).toBe(0);
    expect(on('path_create_directory', 'a')).toBe(EEXIST);
    expect(on('path_create_directory', '.')).toBe(EEXIST);
    expect(on('path_create_directory', 'x/y')).toBe(ENOENT);
    writeFileSync(inside('a/file'), '');
    expect(on('path_remove_directory', 'a')).toBe(ENOTEMPTY);
    expect(on('path_remove_directory', 'a/file')).toBe(ENOTDIR);
    expect(on('path_remove_directory', 'a/.')).toBe(EINVAL);
    expect(on('path_unlink_file', 'a/b')).toBe(EISDIR);
    expect(on('path_unlink_file', 'a/b/')).toBe(EISDIR);
    expect(on('path_unlink_file', 'a/file/')).toBe(ENOTDIR);
    expect(on('path_unlink_file', 'a/..')).toBe(EISDIR);
    expect(on('path_unlink_file', 'a/file')).toBe(0);
    expect(on('path_unlink_file', 'a/file')).toBe(ENOENT);
    expect(on('path_remove_directory', 'a/b')).toBe(0);
    expect(on('path_remove_directory', 'a/')).toBe(0);
    expect(existsSync(inside('a'))).toBe(false);
  });

  it('path_rename moves', () => {
    const rename = (from: string, to: string) =>
      guest.call('path_rename', DIR, ...guest.text(from), DIR, ...guest.text(to));
    mkdirSync(inside('a'));
    mkdirSync(inside('b'));
    writeFileSync(inside('a/file'), 'x');
    expect(rename('a/file', 'b/moved')).toBe(0);
    expect(rename('b/moved', 'a')).toBe(EISDIR);
    expect(rename('b/moved/', 'c')).toBe(ENOTDIR);
    expect(rename('a', 'b')).toBe(ENOTEMPTY);
    expect(rename('b/', 'a/')).toBe(0);
    expect(rename('missing', 'c')).toBe(ENOENT);
    expect(rename('a', 'a/c')).toBe(EINVAL);
    expect(rename('a/..', 'c')).toBe(10);
    expect(readFileSync(inside('a/moved'), 'utf8')).toBe('x');
  });

  it('path_link gives a second name, and follows no link', () => {
    const link = (flags: number, from: string, to: string) =>
      guest.call('path_link', DIR, flags, ...guest.text(from), DIR, ...guest.text(to));
    writeFileSync(inside('file'), 'x');
    mkdirSync(inside('sub'));
    expect(link(0, 'file', 'sub/other')).toBe(0);
    expect(statSync(inside('sub/other')).nlink).toBe(2);
    expect(link(0, 'file', 'sub/other')).toBe(EEXIST);
    expect(link(0, 'sub', 'third')).toBe(EPERM);
    expect(link(0, 'file/', 'third')).toBe(ENOTDIR);
    expect(link(0, 'file', 'third/')).toBe(ENOENT);
    expect(link(1, 'file', 'third')).toBe(EINVAL);
  });

  it('path_symlink and path_readlink', () => {
    const symlink = (target: string, path: string) =>
      guest.call('path_symlink', ...guest.text(target), DIR, ...guest.text(path));
    expect(symlink('some/where', 'link')).toBe(0);
    expect(readlinkSync(inside('link'))).toBe('some/where');
    expect(symlink('x', 'link')).toBe(EEXIST);
    expect(symlink('x', 'new/')).toBe(ENOENT);
    expect(symlink('', 'empty')).toBe(ENOENT);
    expect(symlink('/etc', 'absolute')).toBe(EPERM);
    expect(guest.call('path_readlink', DIR, ...guest.text('link'), 64, 200, RESULT)).toBe(0);
    expect(guest.utf8(64, guest.result)).toBe('some/where');
    expect(guest.call('path_readlink', DIR, ...guest.text('link'), 64, 4, RESULT)).toBe(0);
    expect(guest.utf8(64, guest.result)).toBe('some');
    expect(guest.call('path_readlink', DIR, ...guest.text('.'), 64, 4, RESULT)).toBe(EINVAL);
    expect(guest.call('path_readlink', DIR, ...guest.text('missing'), 64, 4, RESULT)).toBe(ENOENT);
    expect(() => guest.call('path_readlink', DIR, ...guest.text('link'), PAGE - 4, 200, RESULT)).toThrow(GuestFault);
  });

  it('fd_close closes a directory that was given, for good', () => {
    writeFileSync(inside('file'), 'x');
    expect(guest.call('fd_renumber', guest.opened('.', { flags: O.directory, rights: -1n }), DIR)).toBe(0);
    expect(guest.openToRead('file')).toBe(0);
    expect(guest.call('fd_prestat_get', DIR, RESULT)).toBe(EBADF);
  });
});
