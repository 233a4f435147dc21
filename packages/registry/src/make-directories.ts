import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are missing. Gives the topmost that was made; undefined where all were there.
 * `recursive` of Node's own mkdir never ends where the system takes no directory at all, such as below /proc.
 */
export function makeDirectories(path: string, mode = 0o777): string | undefined {
  const made = makeUnlessThere(path, mode);
  if (made !== 'no parent') return made === 'made' ? path : undefined;
  const topmost = makeDirectories(dirname(path), mode);
  // Another process may have been faster. What still has no parent is where the system takes none.
  if (makeUnlessThere(path, mode) === 'no parent') mkdirSync(path, { mode });
  return topmost ?? path;
}

function makeUnlessThere(path: string, mode: number): 'made' | 'there' | 'no parent' {
  try {
    mkdirSync(path, { mode });
    return 'made';
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return 'there';
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && statSync(dirname(path), { throwIfNoEntry: false }) === undefined) return 'no parent';
    throw error;
  }
}
