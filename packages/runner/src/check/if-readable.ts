import { readFileSync } from 'node:fs';

/** What reading gives; undefined where the system refuses it: it is not there, not for us, or locked down. */
export function ifReadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** The text of a file of the kernel; undefined where it cannot be read. */
export function textAt(path: string): string | undefined {
  return ifReadable(() => readFileSync(path, 'latin1'));
}
