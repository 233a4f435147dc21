import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Reads a file that somebody else may have put there: regular files only, without waiting for a FIFO's writer, up to
 * a size. Undefined where there is none.
 *
 * @param check looks at the very file that is read, and throws to refuse it
 * @throws Error with what is wrong with it, or the system's own
 */
export async function readRegularFile(
  path: string,
  maxBytes: number,
  check: (stat: Stats) => void = () => {},
): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if (stat.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    check(stat);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
