import { stat } from 'node:fs/promises';

/** Whether a path leads to a folder; what is not there does not. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whoever opens it says what is wrong.
    return false;
  }
}
