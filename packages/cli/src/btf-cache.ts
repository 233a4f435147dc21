import { fileURLToPath } from 'node:url';
import type { CheckedObject } from '@ebpm/object';
import type { BtfCache } from '@ebpm/runner';
import type { Environment } from './context.js';

/** Lies beside this file, bundled or not. */
const FILL_ENTRY = fileURLToPath(new URL('./fill-btf-cache.js', import.meta.url));

/**
 * Where the parts of this kernel's BTF that packages need are kept: `EBPM_BTF_CACHE`, else `/var/cache/ebpm/btf`; undefined
 * when that is `off`. Everybody may read it, only root fills it.
 */
export function btfCache(env: Environment): BtfCache | undefined {
  const folder = env['EBPM_BTF_CACHE'] || '/var/cache/ebpm/btf';
  if (folder === 'off') return undefined;
  return { folder, fill: (object) => process.geteuid?.() === 0 && fillInChild(folder, object) };
}

/**
 * In a process of its own, of which nothing is heard: it outlives a short run, does not hold up a long one, and keeps root's
 * rights to write when this process has given them up.
 */
function fillInChild(folder: string, { bytes }: CheckedObject): void {
  // Loaded only now, since most runs start no child, and at once, since the right to write is given up next.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [FILL_ENTRY, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
    detached: true,
  });
  child.on('error', ignore);
  child.stdin.on('error', ignore);
  child.stdin.end(bytes);
  child.unref();
}

/** Without the cache everything works, slower. */
function ignore(): void {}
