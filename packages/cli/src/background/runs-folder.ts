import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import type { Environment } from '../context.js';

/**
 * Where background runs keep their state, which no reboot survives: root's in /run/ebpm, another user's in its own runtime folder.
 *
 * @throws EBPM_RUNS_UNAVAILABLE where there is no such folder
 */
export function runsFolder(env: Environment): string {
  if (process.geteuid?.() === 0) return '/run/ebpm/runs';
  const runtime = env['XDG_RUNTIME_DIR'];
  if (runtime?.startsWith('/') === true) return join(runtime, 'ebpm/runs');
  throw new EbpmError('EBPM_RUNS_UNAVAILABLE', 'Cannot keep background runs: XDG_RUNTIME_DIR is not set', {
    hint: 'Background runs of root: put sudo before ebpm',
  });
}

/** Makes the folder. @throws EBPM_RUNS_UNAVAILABLE when it cannot be made, or somebody else could have put it there */
export function makeRunsFolder(folder: string): void {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_RUNS_UNAVAILABLE', `Cannot keep background runs in "${folder}": ${reason}`, { cause });
  }
  if (isOurs(folder)) return;
  throw new EbpmError('EBPM_RUNS_UNAVAILABLE', `Cannot keep background runs in "${folder}": others may write there`, {
    hint: `Look who made it, then type: rm -r ${folder}`,
  });
}

/** Whether it is a folder or file, not a link, that only this user may write into: what others could have written is never read. */
export function isOurs(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isSymbolicLink()) return false;
  return stat.uid === process.geteuid?.() && (stat.mode & 0o022) === 0;
}
