import { constants } from 'node:os';
import { WASI_SIGNATURES } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { GuestExit } from '../../src/guest-exit.js';
import { GuestFault } from '../../src/guest-fault.js';
import { errnoOf, WasiError, wasiErrno } from '../../src/wasi/wasi-error.js';
import { RESULT, WasiGuest } from './wasi-guest.js';

const EBADF = 8;
const EINVAL = 28;
const ENOSYS = 52;
const ENOTDIR = 54;
const ENOTSOCK = 57;
const ENOTSUP = 58;
const ESPIPE = 70;
const ENOTCAPABLE = 76;
const PAGE = 65536;

describe('errnoOf()', () => {
  it('gives the numbers of WASI for those of Linux, an I/O error for what WASI has not, and throws on what is none', () => {
    const linux = (code: 'ENOENT' | 'EPERM' | 'ENOMSG' | 'EXDEV' | 'ENODATA') => ({
      error: Object.assign(new Error(code), { errno: -constants.errno[code] }),
    });
    expect(errnoOf(linux('ENOENT').error)).toBe(44);
    expect(errnoOf(linux('EPERM').error)).toBe(63);
    expect(errnoOf(linux('ENOMSG').error)).toBe(49);
    expect(errnoOf(linux('EXDEV').error)).toBe(75);
    expect(errnoOf(linux('ENODATA').error)).toBe(29);
    expect(errnoOf(new WasiError('ENOTCAPABLE'))).toBe(ENOTCAPABLE);
    expect([wasiErrno('E2BIG'), wasiErrno('EBADF'), wasiErrno('EIO'), wasiErrno('ESPIPE')]).toEqual([1, 8, 29, 70]);
    expect(() => errnoOf(new TypeError('slip'))).toThrow('slip');
    expect(() => errnoOf(new GuestFault('lied'))).toThrow(GuestFault);
  });
});

describe('wasiImports()', () => {
  it('has every function of preview 1', () => {
    expect(Object.keys(WASI_SIGNATURES)).toHaveLength(46);
    expect(new WasiGuest().functions.sort()).toEqual(Object.keys(WASI_SIGNATURES).sort());
  });

  it('args_get and environ_get fill what their sizes ask for', () => {
    const guest = new WasiGuest({ args: ['app.wasm', 'grün', ''], env: { HOME: '/root' } });
    expect(guest.call('args_sizes_get', RESULT, RESULT + 4)).toBe(0);
    expect([guest.result, guest.memory.u32(RESULT + 4)]).toEqual([3, 16]);
    expect(guest.call('args_get', 64, 128)).toBe(0);
    expect(guest.utf8(128, 16)).toBe('app.wasm\0grün\0\0');
    expect([guest.memory.u32(64), guest.memory.u32(68), guest.memory.u32(72)]).toEqual([128, 137, 143]);
    expect(guest.call('environ_sizes_get', RESULT, RESULT + 4)).toBe(0);
    expect([guest.result, guest.memory.u32(RESULT + 4)]).toEqual([1, 11]);
    expect(guest.call('environ_get', 64, 128)).toBe(0);
    expect(guest.memory.text(128, 64)).toBe('HOME=/root');
    expect(() => guest.call('args_get', PAGE - 8, 128)).toThrow(GuestFault);
    expect(() => guest.call('args_get', 64, PAGE - 15)).toThrow(GuestFault);
    expect(() => guest.call('environ_get', 64, -4)).toThrow(GuestFault);
    expect(() => guest.call('args_sizes_get', -4, 0)).toThrow(GuestFault);
    expect(() => guest.call('environ_sizes_get', 0, PAGE)).toThrow(GuestFault);
  });

  it('clock_time_get and clock_res_get know four clocks', () => {
    const guest = new WasiGuest();
    expect(guest.call('clock_time_get', 0, 0n, RESULT)).toBe(0);
    expect(guest.result64).toBe(1_700_000_000_123_456_000n);
    expect(guest.call('clock_time_get', 1, 0n, RESULT)).toBe(0);
    expect(guest.result64).toBe(5_000_000_000n);
    expect(guest.call('clock_time_get', 2, 0n, RESULT)).toBe(0);
    expect(guest.result64).toBe(42_000n);
    expect(guest.call('clock_res_get', 1, RESULT)).toBe(0);
    expect(guest.result64).toBe(1n);
    expect(guest.call('clock_time_get', 4, 0n, RESULT)).toBe(EINVAL);
    expect(guest.call('clock_res_get', -1, RESULT)).toBe(EINVAL);
    expect(() => guest.call('clock_time_get', 0, 0n, PAGE - 7)).toThrow(GuestFault);
    expect(() => guest.call('clock_res_get', 0, PAGE - 7)).toThrow(GuestFault);
  });

  it('random_get fills all of it, and nothing else', () => {
    const guest = new WasiGuest();
    expect(guest.call('random_get', 100, 50)).toBe(0);
    expect(guest.memory.bytes(99, 52)).toEqual(new Uint8Array([0, ...Array(50).fill(7), 0]));
    expect(guest.call('random_get', PAGE, 0)).toBe(0);
    expect(() => guest.call('random_get', 100, PAGE)).toThrow(GuestFault);
  });

  it('proc_exit ends the guest with its code, proc_raise is not there, sched_yield does nothing', () => {
    const guest = new WasiGuest();
    expect(() => guest.call('proc_exit', 3)).toThrow(new GuestExit(3));
    expect(() => guest.call('proc_exit', -1)).toThrow(expect.objectContaining({ code: 4294967295 }));
    expect(guest.call('proc_raise', 9)).toBe(ENOSYS);
    expect(guest.call('sched_yield')).toBe(0);
  });

  it.each(['sock_accept', 'sock_recv', 'sock_send', 'sock_shutdown'])('%s finds no socket', (name) => {
    const guest = new WasiGuest();
    expect(guest.call(name, 1, 0, 0, 0, 0, 0)).toBe(ENOTSOCK);
    expect(guest.call(name, 9, 0, 0, 0, 0, 0)).toBe(EBADF);
  });
});

describe('the standard streams', () => {
  it('fd_write says all its buffers, on stdout and stderr', () => {
    const guest = new WasiGuest();
    const buffers = guest.vectors(guest.text('one '), [0, 0], guest.text('two\n'));
    expect(guest.call('fd_write', 1, ...buffers, RESULT)).toBe(0);
    expect([guest.result, guest.stdout.join('')]).toEqual([8, 'one two\n']);
    expect(guest.call('fd_write', 2, ...guest.vectors(guest.text('oh')), RESULT)).toBe(0);
    expect(guest.stderr).toEqual(['oh']);
    expect(guest.call('fd_write', 1, 0, 0, RESULT)).toBe(0);
    expect(guest.result).toBe(0);
  });

  it('fd_write refuses too many buffers, what is not open, and stdin', () => {
    const guest = new WasiGuest();
    expect(guest.call('fd_write', 1, 0, 1025, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_write', 1, 0, -1, RESULT)).toBe(EINVAL);
    expect(guest.call('fd_write', 0, 0, 0, RESULT)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_write', 3, 0, 0, RESULT)).toBe(EBADF);
    expect(guest.call('fd_write', -1, 0, 0, RESULT)).toBe(EBADF);
  });

  it('fd_write ends a guest whose buffers, or whose list of them, lie outside', () => {
    const guest = new WasiGuest();
    expect(() => guest.call('fd_write', 1, ...guest.vectors([PAGE - 2, 3]), RESULT)).toThrow(GuestFault);
    expect(() => guest.call('fd_write', 1, ...guest.vectors([4, -1]), RESULT)).toThrow(GuestFault);
    expect(() => guest.call('fd_write', 1, PAGE - 4, 1, RESULT)).toThrow(GuestFault);
    expect(() => guest.call('fd_write', 1, 0, 0, PAGE - 3)).toThrow(GuestFault);
    expect(guest.stdout).toEqual([]);
  });

  it('fd_write moves no more than its limit at once', () => {
    const guest = new WasiGuest();
    const whole: [number, number] = [0, PAGE];
    const buffers = guest.vectors(...Array(400).fill(whole));
    expect(guest.call('fd_write', 1, ...buffers, RESULT)).toBe(0);
    expect(guest.result).toBe(16 * 1024 * 1024);
    expect(guest.stdout).toHaveLength(256);
  });

  it('fd_read finds the end of stdin, and nothing to read on stdout', () => {
    const guest = new WasiGuest();
    const buffers = guest.vectors([100, 50]);
    guest.memory.setU32(RESULT, 99);
    expect(guest.call('fd_read', 0, ...buffers, RESULT)).toBe(0);
    expect(guest.result).toBe(0);
    expect(guest.call('fd_read', 1, ...buffers, RESULT)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_read', 7, ...buffers, RESULT)).toBe(EBADF);
  });

  it('have no position, size, times or entries', () => {
    const guest = new WasiGuest();
    const buffers = guest.vectors([100, 50]);
    expect(guest.call('fd_seek', 1, 0n, 1, RESULT)).toBe(ESPIPE);
    expect(guest.call('fd_tell', 0, RESULT)).toBe(ESPIPE);
    expect(guest.call('fd_pread', 0, ...buffers, 0n, RESULT)).toBe(ESPIPE);
    expect(guest.call('fd_pwrite', 1, ...buffers, 0n, RESULT)).toBe(ESPIPE);
    expect(guest.call('fd_filestat_set_size', 1, 0n)).toBe(EINVAL);
    expect(guest.call('fd_filestat_set_times', 1, 0n, 0n, 0)).toBe(ENOTSUP);
    expect(guest.call('fd_allocate', 1, 0n, 1n)).toBe(EINVAL);
    expect(guest.call('fd_advise', 1, 0n, 1n, 0)).toBe(EINVAL);
    expect(guest.call('fd_sync', 1)).toBe(EINVAL);
    expect(guest.call('fd_datasync', 1)).toBe(EINVAL);
    expect(guest.call('fd_readdir', 1, 0, 100, 0n, RESULT)).toBe(ENOTDIR);
    expect(guest.call('path_open', 1, 0, ...guest.text('x'), 0, 0n, 0n, 0, RESULT)).toBe(ENOTDIR);
    expect(guest.call('fd_prestat_get', 1, RESULT)).toBe(EBADF);
    expect(guest.call('fd_prestat_dir_name', 3, RESULT, 9)).toBe(EBADF);
  });

  it('fd_fdstat_get says a character device of a terminal only, and what one may do', () => {
    const stat = (terminal: boolean, fd: number) => {
      const guest = new WasiGuest({ terminal });
      expect(guest.call('fd_fdstat_get', fd, 64)).toBe(0);
      const struct = guest.memory.struct(64, 24);
      return { type: struct.getUint8(0), flags: struct.getUint16(2, true), rights: struct.getBigUint64(8, true) };
    };
    expect(stat(true, 1)).toEqual({ type: 2, flags: 0, rights: (1n << 6n) | (1n << 21n) | (1n << 3n) | (1n << 27n) });
    expect(stat(false, 1).type).toBe(0);
    expect(stat(true, 0)).toMatchObject({ type: 0, rights: (1n << 1n) | (1n << 21n) | (1n << 3n) | (1n << 27n) });
  });

  it('fd_filestat_get tells nothing of what they are connected to', () => {
    const guest = new WasiGuest();
    expect(guest.call('fd_filestat_get', 1, 64)).toBe(0);
    expect([...guest.memory.bytes(64, 24)]).toEqual(Array(24).fill(0));
    expect(guest.call('fd_filestat_get', 5, 64)).toBe(EBADF);
    expect(() => guest.call('fd_filestat_get', 1, PAGE - 63)).toThrow(GuestFault);
  });

  it('fd_fdstat_set_rights takes rights away and gives none', () => {
    const guest = new WasiGuest();
    expect(guest.call('fd_fdstat_set_rights', 1, (1n << 6n) | 1n, 0n)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_fdstat_set_rights', 1, 0n, 1n)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_fdstat_set_rights', 1, -1n, 0n)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_fdstat_set_rights', 1, 0n, 0n)).toBe(0);
    expect(guest.call('fd_write', 1, 0, 0, RESULT)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_filestat_get', 1, 64)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_fdstat_set_flags', 1, 4)).toBe(ENOTCAPABLE);
  });

  it('fd_fdstat_set_flags takes nonblock, which changes nothing, and no flag that there is not', () => {
    const guest = new WasiGuest();
    expect(guest.call('fd_fdstat_set_flags', 1, 4)).toBe(0);
    expect(guest.call('fd_fdstat_set_flags', 1, 32)).toBe(EINVAL);
    expect(guest.call('fd_fdstat_set_flags', 1, 16)).toBe(ENOTSUP);
    expect(guest.call('fd_fdstat_set_flags', 8, 0)).toBe(EBADF);
  });

  it('fd_close closes once; fd_renumber puts one in the place of another', () => {
    const guest = new WasiGuest();
    expect(guest.call('fd_renumber', 2, 1)).toBe(0);
    expect(guest.call('fd_write', 1, ...guest.vectors(guest.text('moved')), RESULT)).toBe(0);
    expect([guest.stdout, guest.stderr]).toEqual([[], ['moved']]);
    expect(guest.call('fd_close', 2)).toBe(EBADF);
    expect(guest.call('fd_renumber', 1, 1)).toBe(0);
    expect(guest.call('fd_renumber', 1, 200)).toBe(EBADF);
    expect(guest.call('fd_renumber', 200, 1)).toBe(EBADF);
    expect(guest.call('fd_close', 1)).toBe(0);
    expect(guest.call('fd_close', 1)).toBe(EBADF);
    expect(guest.call('fd_fdstat_get', 1, 64)).toBe(EBADF);
  });
});
