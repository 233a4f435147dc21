import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { type KnownRun, readRun } from './run-record.js';
import { isOurs } from './runs-folder.js';

/** All runs of a folder, the oldest first; none where there is no folder or others may write into it. */
export function knownRuns(folder: string): readonly KnownRun[] {
  if (!isOurs(folder)) return [];
  const runs = readdirSync(folder).flatMap((id) => readRun(join(folder, id)) ?? []);
  return runs.sort((one, other) => one.record.startedAtMs - other.record.startedAtMs);
}

/**
 * The run of that id or name. A name means the run that has it now, else the last that had it.
 *
 * @throws EBPM_RUN_UNKNOWN
 */
export function findRun(folder: string, text: string): KnownRun {
  const runs = knownRuns(folder).toReversed();
  const named = runs.filter(({ record }) => record.name === text);
  const found = runs.find(({ record }) => record.id === text) ?? named.find(({ isRunning }) => isRunning) ?? named[0];
  if (found !== undefined) return found;
  throw new EbpmError('EBPM_RUN_UNKNOWN', `Cannot find a background run "${text}"`, {
    hint: `Type: ebpm ps --all${process.geteuid?.() === 0 ? '' : ' (runs of root: sudo ebpm ps --all)'}`,
  });
}
