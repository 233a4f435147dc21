import { stat } from 'node:fs/promises';

/** Whether there is a regular file, or a link to one, that we may ask for. */
export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
