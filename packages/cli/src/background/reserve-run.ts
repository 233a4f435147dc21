/*
 * Of those that start at the same time with the same name, one keeps it, without a lock that could outlive its owner: Lamport's bakery. A
 * run makes its folder, then takes its number from the clock that all processes share, and
 * writes it down. Then it waits until every other that has a folder has a
 * number too. One that makes its folder after that has a higher number, and sees this one.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EbpmError } from '@ebpm/formats';
import { processMark } from '@ebpm/loader';
import { RUN_NUMBER_WITHIN_MS } from '../limits.js';
import { knownRuns } from './known-runs.js';
import { runFiles } from './run-files.js';
import { type KnownRun, type RunRecord, writeRunRecord } from './run-record.js';
import type { BackgroundRequest } from './start-in-background.js';

/** Milliseconds between two looks. */
const LOOK_MS = 5;

/** Makes the folder and the record of a new run. @throws EBPM_RUN_NAME_TAKEN */
export async function reserveRun(
  parent: string,
  { name, spec, programArgs }: Omit<BackgroundRequest, 'argv'>,
): Promise<RunRecord> {
  const id = randomBytes(4).toString('hex');
  const files = runFiles(join(parent, id));
  mkdirSync(files.folder, { mode: 0o700 });
  const record = {
    id,
    name,
    number: String(process.hrtime.bigint()),
    package: spec,
    args: programArgs,
    startedAtMs: Date.now(),
    process: processMark(),
  };
  writeRunRecord(files.record, record);
  if (name === undefined) return record;
  while (readdirSync(parent).some((other) => hasNoNumberYet(join(parent, other)))) await sleep(LOOK_MS);
  const others = knownRuns(parent).filter((run) => run.isRunning && run.record.id !== id);
  const cameBefore = (other: RunRecord) => BigInt(other.number) <= BigInt(record.number);
  const isTaken = ({ record: other }: KnownRun) => other.id === name || (other.name === name && cameBefore(other));
  if (!others.some(isTaken)) return record;
  rmSync(files.folder, { recursive: true });
  throw new EbpmError('EBPM_RUN_NAME_TAKEN', `Cannot call the run "${name}": another that runs has that name`, {
    hint: `Choose another --name, or type: ebpm stop ${name}`,
  });
}

/** One that has been without for long has died between the two steps. */
function hasNoNumberYet(folder: string): boolean {
  const made = lstatSync(folder, { throwIfNoEntry: false });
  if (made?.isDirectory() !== true || existsSync(runFiles(folder).record)) return false;
  return Math.abs(Date.now() - made.mtimeMs) < RUN_NUMBER_WITHIN_MS;
}
