import { EbpmError } from '@ebpm/formats';
import type { CliControl } from '@ebpm/schemas';
import type { Environment } from '../context.js';
import { type ControlCommand, sendCommand } from './control.js';
import { findRun } from './known-runs.js';
import type { KnownRun } from './run-record.js';
import { runsFolder } from './runs-folder.js';

/** Tells a run that runs something. @throws EBPM_RUN_UNKNOWN, EBPM_RUN_ENDED, EBPM_RUN_SILENT */
export async function controlRun(env: Environment, text: string, command: ControlCommand): Promise<CliControl> {
  const { record, files } = findLiving(env, text, command);
  return { id: record.id, ...(await sendCommand(files.socket, command)) };
}

/** @throws EBPM_RUN_UNKNOWN, EBPM_RUN_ENDED */
export function findLiving(env: Environment, text: string, command: ControlCommand): KnownRun {
  const run = findRun(runsFolder(env), text);
  if (run.isRunning) return run;
  throw new EbpmError('EBPM_RUN_ENDED', `Cannot ${command} "${text}": it has ended`, {
    hint: `Its output: ebpm logs ${text}`,
  });
}
