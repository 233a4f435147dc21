import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** A file of another process: its maps, a file that it runs code from (the path as its maps show it), or its perf map. */
export type ProcessFile = 'maps' | { readonly mapped: string } | { readonly perfMapOf: number };

/** Opens files of processes, whoever they belong to. */
export interface ProcessFiles {
  /**
   * A descriptor to read from, the caller's; undefined where the process or the file is gone, or may not be read. Paths are those that
   * the process itself sees; only regular files open.
   */
  open(pid: number, file: ProcessFile): number | undefined;
}

/** With the rights of this process. */
export function processFilesHere(): ProcessFiles {
  return { open: (pid, file) => openRegular(pathOf(pid, file), file) };
}

function pathOf(pid: number, file: ProcessFile): string {
  if (file === 'maps') return `/proc/${pid}/maps`;
  if ('mapped' in file) return `/proc/${pid}/root${file.mapped}`;
  return `/proc/${pid}/root/tmp/perf-${file.perfMapOf}.map`;
}

/** A pipe would block, a device would do things; whoever may write into /tmp could put a link or a map of their own there. */
function openRegular(path: string, file: ProcessFile): number | undefined {
  const isPerfMap = typeof file === 'object' && 'perfMapOf' in file;
  const descriptor = tryTo(() =>
    openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (isPerfMap ? constants.O_NOFOLLOW : 0)),
  );
  if (descriptor === undefined) return undefined;
  const stats = fstatSync(descriptor);
  if (stats.isFile() && (!isPerfMap || isOwnedBy(path, stats.uid))) return descriptor;
  closeSync(descriptor);
  return undefined;
}

/** Whether a perf map belongs to the user of its process, or to root. */
function isOwnedBy(path: string, uid: number): boolean {
  if (uid === 0) return true;
  const status = tryTo(() => readFileSync(path.replace(/^(\/proc\/\d+)\/.*$/, '$1/status'), 'utf8'));
  return status !== undefined && /^Uid:\t\d+\t(\d+)\t/m.exec(status)?.[1] === String(uid);
}

function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
