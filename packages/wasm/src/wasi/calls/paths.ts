import { isUtf8 } from 'node:buffer';
import { MAX_GUEST_PATH_BYTES } from '../limits.js';
import { RIGHT } from '../rights.js';
import { WasiError } from '../wasi-error.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';
import { directoryOf } from './directories.js';
import { putState, timesOf } from './file-state.js';
import { follows } from './follows.js';
import { openPath } from './open-path.js';

/** What is done to names below a directory. Each needs a right of that directory, and its path leads nowhere else. */
export function pathCalls(wasi: Wasi): Readonly<Record<string, WasiCall>> {
  const { host, files } = wasi;
  const directory = (fd: number, right: bigint) => directoryOf(files.get(fd), right).fd;
  const path = (pointer: number, length: number) => guestPath(wasi, pointer, length);
  return {
    path_open: openPath(wasi, path),
    path_create_directory: (fd: number, name: number, length: number) =>
      host.files.makeDirectory(directory(fd, RIGHT.pathCreateDirectory), path(name, length)),
    path_remove_directory: (fd: number, name: number, length: number) =>
      host.files.removeDirectory(directory(fd, RIGHT.pathRemoveDirectory), path(name, length)),
    path_unlink_file: (fd: number, name: number, length: number) =>
      host.files.unlink(directory(fd, RIGHT.pathUnlinkFile), path(name, length)),
    path_filestat_get: (fd: number, flags: number, name: number, length: number, stat: number) => {
      const at = directory(fd, RIGHT.pathFilestatGet);
      putState(host.memory, stat, host.files.stateAt(at, path(name, length), follows(flags)));
    },
    path_filestat_set_times: (
      ...[fd, flags, name, length, accessed, modified, which]: [number, number, number, number, bigint, bigint, number]
    ) => {
      const at = directory(fd, RIGHT.pathFilestatSetTimes);
      host.files.setTimesAt(at, path(name, length), follows(flags), timesOf(accessed, modified, which));
    },
    path_rename: (...[fd, from, fromLength, newFd, to, toLength]: [number, number, number, number, number, number]) => {
      const source = directory(fd, RIGHT.pathRenameSource);
      const target = directory(newFd, RIGHT.pathRenameTarget);
      host.files.rename(source, path(from, fromLength), target, path(to, toLength));
    },
    path_link: (
      ...[fd, flags, from, fromLength, newFd, to, toLength]: [number, number, number, number, number, number, number]
    ) => {
      const source = directory(fd, RIGHT.pathLinkSource);
      const target = directory(newFd, RIGHT.pathLinkTarget);
      // The kernel cannot be asked to follow a link and to stay below the directory at once.
      if (follows(flags)) throw new WasiError('EINVAL');
      host.files.link(source, path(from, fromLength), target, path(to, toLength));
    },
    path_symlink: (target: number, targetLength: number, fd: number, name: number, length: number) => {
      const at = directory(fd, RIGHT.pathSymlink);
      const leads = path(target, targetLength);
      // The guest itself could not follow it; somebody else might, to where the guest could not go.
      if (leads.startsWith('/')) throw new WasiError('EPERM');
      host.files.symlink(leads, at, path(name, length));
    },
    path_readlink: (
      ...[fd, name, length, buffer, bufferLength, used]: [number, number, number, number, number, number]
    ) => {
      const at = directory(fd, RIGHT.pathReadlink);
      const target = host.files.readLink(at, path(name, length)).subarray(0, bufferLength >>> 0);
      host.memory.write(buffer, target);
      host.memory.setU32(used, target.length);
    },
  };
}

/** @throws WasiError for what is no path of Linux, or not UTF-8, as WASI's paths are */
function guestPath({ host }: Wasi, pointer: number, length: number): string {
  const bytes = host.memory.bytes(pointer, length);
  if (bytes.length === 0) throw new WasiError('ENOENT');
  if (bytes.length >= MAX_GUEST_PATH_BYTES) throw new WasiError('ENAMETOOLONG');
  if (bytes.includes(0)) throw new WasiError('EINVAL');
  if (!isUtf8(bytes)) throw new WasiError('EILSEQ');
  return Buffer.from(bytes).toString('utf8');
}
