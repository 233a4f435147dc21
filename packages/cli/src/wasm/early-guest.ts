import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { EbpmError, parseSpec } from '@ebpm/formats';
import type { Context } from '../context.js';
import type { StartedGuest } from './start-guest.js';

/** What a WASM module begins with. */
const MAGIC = Buffer.of(0, 0x61, 0x73, 0x6d);

/**
 * The process of a guest, started before anything else is loaded, where what is named is a file with a module in it, or was installed with one: it gets ready while this
 * process does, too. Undefined for anything else; what is wrong with what is named is said by whoever reads it.
 */
export async function earlyGuest(context: Context, spec: string): Promise<StartedGuest | undefined> {
  const isModule = isModuleName(spec) ? beginsAsModule(spec) : await isInstalledModule(context, spec);
  if (!isModule) return undefined;
  const { startGuest } = await import('./start-guest.js');
  return startGuest(context);
}

/** As far as the record says. Another version may be pinned here, and another entry be asked for: then this process is ended again. */
async function isInstalledModule({ home }: Context, text: string): Promise<boolean> {
  try {
    const spec = parseSpec(text);
    if (spec.kind !== 'range' && spec.kind !== 'tag') return false;
    const { Installed } = await import('@ebpm/client/installed');
    return isModuleName((await new Installed(home).find(spec))?.entry?.path ?? '');
  } catch (error) {
    if (error instanceof EbpmError) return false;
    throw error;
  }
}

function isModuleName(path: string): boolean {
  return /\.wasm$/i.test(path);
}

function beginsAsModule(path: string): boolean {
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
