import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/**
 * Reads a file that somebody else may have put there: regular files only, without waiting for a FIFO's writer, up to
 * a size. Undefined where there is none. It is read at once: handing four system calls to other threads takes ten times as long as the calls.
 *
 * @param check looks at the very file that is read, and throws to refuse it
 * @throws Error with what is wrong with it, or the system's own
 */
export async function readRegularFile(
  path: string,
  maxBytes: number,
  check: (stat: Stats) => void = () => {},
): Promise<Uint8Array | undefined> {
  return withRegularFile(path, maxBytes, (file, stat) => {
    check(stat);
    const bytes = Buffer.allocUnsafeSlow(stat.size);
    let size = 0;
    while (size < bytes.length) {
      const read = readSync(file, bytes, size, bytes.length - size, null);
      if (read === 0) break;
      size += read;
    }
    return bytes.subarray(0, size);
  });
}

/**
 * Opens such a file, does something with its descriptor, and closes it. Undefined where there is none.
 *
 * @throws Error with what is wrong with it, or the system's own
 */
export function withRegularFile<T>(
  path: string,
  maxBytes: number,
  use: (file: number, stat: Stats) => T,
): T | undefined {
  const file = openThere(path);
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if (stat.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    return use(file, stat);
  } finally {
    closeSync(file);
  }
}

function openThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
