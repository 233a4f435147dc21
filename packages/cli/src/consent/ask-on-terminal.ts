import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { ANSWER_MAX_BYTES } from '../limits.js';

/** A place where a person reads and answers. */
export interface Terminal {
  /** The line that is typed; what was typed before the question does not count. Empty at the end of input. */
  ask(question: string): string;
}

/**
 * The terminal that this process is on, as ssh and sudo find it: stdin and stdout may be files. Undefined where there is none.
 *
 * @param path for tests
 */
export function controllingTerminal(path = '/dev/tty'): Terminal | undefined {
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  } catch (error) {
    if (NO_TERMINAL.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  return {
    ask(question) {
      forgetTyped(path);
      const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
      try {
        writeSync(terminal, question);
        return readLine(terminal);
      } finally {
        closeSync(terminal);
      }
    },
  };
}

/** ENXIO: the process has none. ENOENT, EACCES, EPERM: nor does its container, or it may not use it. EIO: it hung up. */
const NO_TERMINAL = ['ENXIO', 'ENOENT', 'EACCES', 'EPERM', 'EIO', 'ENODEV', 'ENOTTY'];

/** Lines that were pasted or typed ahead were no answer to this question. */
function forgetTyped(path: string): void {
  const terminal = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const buffer = Buffer.alloc(ANSWER_MAX_BYTES);
  try {
    while (readSync(terminal, buffer) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(terminal);
  }
}

/** Waits, and nothing else happens meanwhile: nothing runs yet. */
function readLine(terminal: number): string {
  const buffer = Buffer.alloc(ANSWER_MAX_BYTES);
  const size = readSync(terminal, buffer);
  const text = buffer.toString('utf8', 0, size);
  return text.endsWith('\n') ? text.slice(0, -1) : '';
}
