import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.js';
import { ENDED_RUNS_KEPT } from '../limits.js';
import type { StarterWord } from './background-run.js';
import { knownRuns } from './known-runs.js';
import { reserveRun } from './reserve-run.js';
import { runFiles } from './run-files.js';
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
  const record = await reserveRun(parent, request);
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
