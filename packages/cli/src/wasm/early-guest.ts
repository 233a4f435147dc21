import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Context } from '../context.js';
import type { StartedGuest } from './start-guest.js';

/** What a WASM module begins with. */
const MAGIC = Buffer.of(0, 0x61, 0x73, 0x6d);

/**
 * The process of a guest, started before anything else is loaded, where what is named is a file with a module in it: it gets ready while this process does, too. Undefined for
 * anything else; what is wrong with a file is said by whoever reads it.
 */
export async function earlyGuest(context: Context, spec: string): Promise<StartedGuest | undefined> {
  if (!/\.wasm$/i.test(spec) || !isModule(spec)) return undefined;
  const { startGuest } = await import('./start-guest.js');
  return startGuest(context);
}

function isModule(path: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const start = Buffer.alloc(MAGIC.length);
    return fstatSync(fd).isFile() && readSync(fd, start, 0, start.length, 0) === MAGIC.length && start.equals(MAGIC);
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
