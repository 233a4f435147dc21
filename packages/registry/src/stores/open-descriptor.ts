import { closeSync, open } from 'node:fs';
import { promisify } from 'node:util';
import type { OpenFile } from './with-file.js';

const openFile = promisify(open);

/**
 * Opens a file as a bare descriptor, which whoever opened it has to close. For what a publish does to files again and again: a
 * `FileHandle` takes several times as long to make, and another trip to a thread to close.
 */
export function openDescriptor({ path, flags, mode }: OpenFile): Promise<number> {
  return openFile(path, flags, mode);
}

/** Opens a file, uses its descriptor, and closes it whatever happens: one that was read, or written and synced, so that closing is quick. */
export async function withDescriptor<T>(file: OpenFile, use: (descriptor: number) => Promise<T>): Promise<T> {
  const descriptor = await openDescriptor(file);
  try {
    return await use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
