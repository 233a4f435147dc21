import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { EbpmError } from '@ebpm/formats';
import { processMark } from '@ebpm/loader';
import type { Context } from '../context.js';
import { ENDED_RUNS_KEPT } from '../limits.js';
import type { StarterWord } from './background-run.js';
import { knownRuns } from './known-runs.js';
import { runFiles } from './run-files.js';
import { type RunRecord, writeRunRecord } from './run-record.js';
import { makeRunsFolder, runsFolder } from './runs-folder.js';

/** Lies beside this file, bundled or not. */
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** A run that is to go on without a terminal. */
export interface BackgroundRequest {
  readonly name: string | undefined;
  readonly spec: string;
  readonly programArgs: readonly string[];
  /** All words after `ebpm run`. */
  readonly argv: readonly string[];
}

/** Starts a run in a session of its own, and waits until it is attached; gives the exit code. @throws EBPM_RUN_NAME_TAKEN */
export async function startInBackground(context: Context, request: BackgroundRequest): Promise<number> {
  const parent = runsFolder(context.env);
  makeRunsFolder(parent);
  forgetOldest(parent);
  const record = reserve(parent, request);
  const folder = join(parent, record.id);
  const word = await start(folder, request);
  if (word !== undefined && 'attached' in word) {
    context.stdout.write(`${record.id}\n`);
    return 0;
  }
  context.stderr.write(word?.failed ?? `The run ended before it was attached: ebpm logs ${record.id}\n`);
  if (word !== undefined) rmSync(folder, { recursive: true, force: true });
  return word?.exitCode ?? 1;
}

/** Of those that start at the same time with the same name, the first keeps it. */
function reserve(parent: string, { name, spec, programArgs }: BackgroundRequest): RunRecord {
  const id = randomBytes(4).toString('hex');
  const record = { id, name, package: spec, args: programArgs, startedAtMs: Date.now(), process: processMark() };
  const files = runFiles(join(parent, id));
  mkdirSync(files.folder, { mode: 0o700 });
  writeRunRecord(files.record, record);
  if (name === undefined) return record;
  const other = knownRuns(parent).find((run) => run.isRunning && (run.record.name === name || run.record.id === name));
  if (other === undefined || other.record.id === id) return record;
  rmSync(files.folder, { recursive: true });
  throw new EbpmError('EBPM_RUN_NAME_TAKEN', `Cannot call the run "${name}": another that runs has that name`, {
    hint: `Choose another --name, or type: ebpm stop ${name}`,
  });
}

function forgetOldest(parent: string): void {
  const ended = knownRuns(parent).filter(({ isRunning }) => !isRunning);
  for (const { files } of ended.slice(0, Math.max(0, ended.length - ENDED_RUNS_KEPT))) {
    rmSync(files.folder, { recursive: true, force: true });
  }
}

/** What the run says of itself; undefined when it ended without a word. */
async function start(folder: string, { argv, spec }: BackgroundRequest): Promise<StarterWord | undefined> {
  const crash = openSync(runFiles(folder).crash, 'w', 0o600);
  const child = spawn(process.execPath, [MAIN, 'run', '--background', folder, ...argv], {
    detached: true,
    stdio: [spec === '-' ? 'inherit' : 'ignore', crash, crash, 'pipe'],
  });
  closeSync(crash);
  const pipe = child.stdio[3] as Readable;
  let text = '';
  for await (const chunk of pipe.setEncoding('utf8')) text += chunk;
  child.unref();
  return text === '' ? undefined : JSON.parse(text);
}
