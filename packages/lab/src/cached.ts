import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lockFile } from './file-lock.js';

/** Where a cached thing lies. */
export interface CachedOptions {
  /** The lab's cache directory; made when missing. */
  readonly cacheDir: string;
  /** The thing's path below it; its last part has no slash. */
  readonly name: string;
  /** Called when it is missing, before this process waits or makes it. */
  readonly onMissing?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives the path of a cached file or folder, made by `make` when it is missing.
 *
 * `make` gets a path beside the target that does not exist yet; what it leaves there is renamed into place, so that the target is
 * either whole or missing. Of several processes one makes it while the others wait. What a killed process left is removed by the
 * next one, which holds the lock and so knows that nobody uses it.
 */
export async function cached(options: CachedOptions, make: (partial: string) => Promise<void>): Promise<string> {
  const target = join(options.cacheDir, options.name);
  if (await exists(target)) return target;
  options.onMissing?.();
  await mkdir(dirname(target), { recursive: true });
  const lock = await lockFile(`${target}.lock`, options.signal);
  const partial = `${target}.partial`;
  try {
    if (await exists(target)) return target;
    await rm(partial, { recursive: true, force: true });
    await make(partial);
    await rename(partial, target);
    return target;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await lock.close();
  }
}

/** Whether something is at `path`. */
async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
