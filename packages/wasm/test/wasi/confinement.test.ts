import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DIR, GuestWithDirectory, O } from './guest-with-directory.js';
import { RESULT } from './wasi-guest.js';

const EACCES = 2;
const ENOTCAPABLE = 76;
const EPERM = 63;
const ELOOP = 32;
const ENXIO = 60;

/** Ways out of a directory that has a link `out` to what lies beside it, `far` to /, and a folder `sub`. */
const WAYS_OUT = [
  '..',
  '../secret',
  'sub/../../secret',
  'sub/../..',
  '/etc/passwd',
  '//',
  '/',
  'out/secret',
  'out/../secret',
  'sub/out/secret',
  'far/etc/passwd',
  './/./sub/./../../root/file',
  'loop-out',
];

describe('a guest with a directory', () => {
  let guest: GuestWithDirectory;
  const inside = (...path: string[]) => join(guest.root, ...path);
  beforeEach(() => {
    guest = new GuestWithDirectory();
    writeFileSync(join(guest.outside, 'secret'), 'secret');
    writeFileSync(inside('file'), 'mine');
    mkdirSync(inside('sub'));
    symlinkSync('..', inside('out'));
    symlinkSync('../out', inside('sub/out'));
    symlinkSync('/', inside('far'));
    symlinkSync('sub/../../secret', inside('loop-out'));
  });
  afterEach(() => guest.remove());

  it.each(WAYS_OUT)('cannot get out of it by %s, with any function that takes a path', (path) => {
    const text = guest.text(path);
    const within = guest.text('sub/x');
    const before = readdirSync(guest.outside);
    expect(guest.open(path)).toBe(EPERM);
    expect(guest.open(path, { flags: O.directory })).toBe(EPERM);
    expect(guest.open(path, { flags: O.create | O.truncate })).toBe(EPERM);
    expect(guest.call('path_filestat_get', DIR, 1, ...text, 64)).toBe(EPERM);
    expect(guest.call('path_filestat_set_times', DIR, 1, ...text, 1n, 1n, 5)).toBe(EPERM);
    const refused = path === 'loop-out' ? [] : [EPERM];
    if (refused.length > 0) {
      const errnos = [
        guest.call('path_create_directory', DIR, ...text),
        guest.call('path_remove_directory', DIR, ...text),
        guest.call('path_unlink_file', DIR, ...text),
        guest.call('path_readlink', DIR, ...text, 64, 100, RESULT),
        guest.call('path_rename', DIR, ...text, DIR, ...within),
        guest.call('path_rename', DIR, ...guest.text('file'), DIR, ...text),
        guest.call('path_link', DIR, 0, ...text, DIR, ...within),
        guest.call('path_link', DIR, 0, ...guest.text('file'), DIR, ...text),
        guest.call('path_symlink', ...guest.text('file'), DIR, ...text),
      ];
      // "." and ".." are refused as names, before anything is looked at.
      for (const errno of errnos) expect([EPERM, 10, 20, 28, 31]).toContain(errno);
    }
    expect(readdirSync(guest.outside)).toEqual(before);
    expect(readFileSync(join(guest.outside, 'secret'), 'utf8')).toBe('secret');
    expect(readFileSync(inside('file'), 'utf8')).toBe('mine');
    expect(lstatSync(inside('out')).isSymbolicLink()).toBe(true);
  });

  it('goes along links that stay inside', () => {
    symlinkSync('../file', inside('sub/in'));
    symlinkSync('sub/in', inside('two-steps'));
    expect(guest.read(guest.opened('two-steps'))).toBe('mine');
    expect(guest.read(guest.opened('sub/../file'))).toBe('mine');
    symlinkSync('circle', inside('circle'));
    expect(guest.open('circle')).toBe(ELOOP);
  });

  it('cannot open what is outside by a name with slashes at its end, which the kernel would follow', () => {
    for (const name of ['out/', 'far/', 'far//']) {
      expect(guest.open(name, { flags: O.directory })).toBe(EPERM);
      expect(guest.call('path_filestat_get', DIR, 0, ...guest.text(name), 64)).toBe(EPERM);
      expect(guest.call('path_readlink', DIR, ...guest.text(name), 64, 100, RESULT)).toBe(EPERM);
      expect(guest.call('path_remove_directory', DIR, ...guest.text(name))).toBe(54);
      expect(guest.call('path_create_directory', DIR, ...guest.text(name))).toBe(20);
    }
    expect(existsSync(inside('out'))).toBe(true);
  });

  it('cannot get out through a folder that it has open, nor through one that was moved out', () => {
    const sub = guest.opened('sub', { flags: O.directory, rights: -1n });
    expect(guest.open('../file', { at: sub })).toBe(EPERM);
    renameSync(inside('sub'), join(guest.outside, 'moved'));
    expect(guest.open('../secret', { at: sub })).toBe(EPERM);
    expect(guest.open('out/secret', { at: sub })).toBe(EPERM);
  });

  it('cannot follow the links of /proc', () => {
    guest.remove();
    guest = new GuestWithDirectory();
    symlinkSync('/proc/self/root', inside('magic'));
    expect(guest.open('magic/etc/passwd')).toBe(EPERM);
    expect(guest.open('magic', { flags: O.directory })).toBe(EPERM);
  });

  it('opens neither a FIFO, for which it would wait, nor a device or socket', () => {
    execFileSync('mkfifo', [inside('fifo')]);
    expect(guest.openToRead('fifo')).toBe(EACCES);
    expect(guest.open('fifo', { rights: 1n << 6n })).toBe(ENXIO);
    expect(guest.call('path_filestat_get', DIR, 0, ...guest.text('fifo'), 64)).toBe(0);
    expect(guest.memory.bytes(80, 1)[0]).toBe(0);
    if (process.getuid?.() !== 0) return;
    execFileSync('mknod', [inside('null'), 'c', '1', '3']);
    expect(guest.openToRead('null')).toBe(EACCES);
    expect(guest.open('null')).toBe(EACCES);
  });

  it('changes nothing where it may only read', () => {
    guest.remove();
    guest = new GuestWithDirectory({ writable: false });
    writeFileSync(inside('file'), 'mine');
    mkdirSync(inside('sub'));
    const file = guest.text('file');
    const other = guest.text('other');
    expect(guest.open('file')).toBe(ENOTCAPABLE);
    expect(guest.openToRead('new', O.create)).toBe(ENOTCAPABLE);
    expect(guest.openToRead('file', O.truncate)).toBe(ENOTCAPABLE);
    expect(guest.call('path_create_directory', DIR, ...other)).toBe(ENOTCAPABLE);
    expect(guest.call('path_remove_directory', DIR, ...guest.text('sub'))).toBe(ENOTCAPABLE);
    expect(guest.call('path_unlink_file', DIR, ...file)).toBe(ENOTCAPABLE);
    expect(guest.call('path_rename', DIR, ...file, DIR, ...other)).toBe(ENOTCAPABLE);
    expect(guest.call('path_link', DIR, 0, ...file, DIR, ...other)).toBe(ENOTCAPABLE);
    expect(guest.call('path_symlink', ...file, DIR, ...other)).toBe(ENOTCAPABLE);
    expect(guest.call('path_filestat_set_times', DIR, 0, ...file, 1n, 1n, 5)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_filestat_set_times', DIR, 1n, 1n, 5)).toBe(ENOTCAPABLE);
    // All that there is, as Rust's library asks, is cut down to what may be; also below a folder.
    const sub = guest.opened('sub', { flags: O.directory, rights: ~(1n << 6n), inheriting: -1n });
    expect(guest.open('new', { flags: O.create, at: sub })).toBe(ENOTCAPABLE);
    expect(guest.call('path_create_directory', sub, ...other)).toBe(ENOTCAPABLE);
    expect(guest.call('fd_fdstat_set_rights', sub, -1n, -1n)).toBe(ENOTCAPABLE);
    const fd = guest.opened('file', { rights: ~(1n << 6n) });
    expect(guest.read(fd)).toBe('mine');
    expect(guest.call('fd_filestat_set_size', fd, 0n)).toBe(ENOTCAPABLE);
    expect(guest.write(fd, 'x')).toBe(ENOTCAPABLE);
    expect(readdirSync(guest.root)).toEqual(['file', 'sub']);
    expect(readFileSync(inside('file'), 'utf8')).toBe('mine');
  });

  it('never gets outside while a folder and a link take turns under its path', async () => {
    mkdirSync(inside('turn-a'));
    writeFileSync(inside('turn-a/secret'), 'inner');
    symlinkSync('..', inside('turn-b'));
    mkdirSync(inside('turn-a/deep'));
    const worker = new Worker(
      `const { renameSync } = require('node:fs');
       const { parentPort, workerData: root } = require('node:worker_threads');
       const at = (name) => root + '/' + name;
       parentPort.postMessage('ready');
       const end = Date.now() + 800;
       while (Date.now() < end) {
         renameSync(at('turn-a'), at('turn'));
         renameSync(at('turn'), at('turn-a'));
         renameSync(at('turn-b'), at('turn'));
         renameSync(at('turn'), at('turn-b'));
       }
       parentPort.postMessage('done');`,
      { eval: true, workerData: guest.root },
    );
    const turns = messages(worker);
    await turns.next();
    const contents = new Set<string>();
    let done = false;
    void turns.next().then(() => {
      done = true;
    });
    while (!done) {
      for (let round = 0; round < 20; round += 1) {
        if (guest.openToRead('turn/secret') === 0) {
          const fd = guest.result;
          contents.add(guest.read(fd, 16));
          guest.call('fd_close', fd);
        }
        guest.call('path_create_directory', DIR, ...guest.text('turn/made'));
        guest.call('path_remove_directory', DIR, ...guest.text('turn/made'));
        guest.call('path_unlink_file', DIR, ...guest.text('turn/deep/../../secret'));
        guest.forget();
      }
      expect(existsSync(join(guest.outside, 'made'))).toBe(false);
      await new Promise(setImmediate);
    }
    await worker.terminate();
    expect([...contents]).toEqual(['inner']);
    expect(readFileSync(join(guest.outside, 'secret'), 'utf8')).toBe('secret');
    rmSync(inside('turn-a'), { recursive: true });
  });
});

async function* messages(worker: Worker): AsyncGenerator<unknown> {
  const queue: unknown[] = [];
  let wake = () => {};
  worker.on('message', (message) => {
    queue.push(message);
    wake();
  });
  for (;;) {
    while (queue.length > 0) yield queue.shift();
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
