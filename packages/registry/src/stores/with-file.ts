import { type FileHandle, open } from 'node:fs/promises';

/** How to open a file: flags and mode as open(2) has them. */
export interface OpenFile {
  readonly path: string;
  readonly flags: string | number;
  readonly mode?: number;
}

/** Opens a file, uses it, and closes it whatever happens. */
export async function withFile<T>({ path, flags, mode }: OpenFile, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags, mode);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
