import { closeSync, openSync, writeSync } from 'node:fs';
import type { InstalledVersion } from '@ebpm/client/installed';
import { processMark } from '@ebpm/loader';
import type { Attached } from '@ebpm/runner';
import type { Context } from '../context.js';
import { exitCodeOf, formatError, toEbpmError } from '../error-output.js';
import { type ControlAnswer, type ControlCommand, listenForCommands } from './control.js';
import { LogFile } from './log-file.js';
import { runFiles } from './run-files.js';
import { installedRun, type RunEnd, type RunRecord, readRun, writeRunRecord } from './run-record.js';

/** The descriptor over which the run tells who started it that it runs, or why it does not. */
const STARTER = 3;

/** What a run says of itself. */
export interface RunWords {
  /** To be called with what runs, where it is installed. */
  readonly onInstalled: (installed: InstalledVersion | undefined) => void;
  /** To be called with the tools that its module can start. */
  readonly onTools: (tools: readonly InstalledVersion[]) => void;
  /** To be called once it runs. */
  readonly onAttached: (attached: Attached) => void;
}

/** Runs a package with the context of a background run, and gives the exit code. */
export type RunAction = (context: Context, words: RunWords) => Promise<number>;

/**
 * What `ebpm run --detach` starts: a run whose output goes into a log, and which takes commands. Everything that it writes later is
 * opened now, since it gives its rights up.
 */
export async function backgroundRun(context: Context, folder: string, action: RunAction): Promise<number> {
  const files = runFiles(folder);
  const known = readRun(folder);
  if (known === undefined) throw new TypeError(`There is no record of a run in ${folder}`);
  const end = openSync(files.end, 'w', 0o600);
  const log = new LogFile(files.logs);
  const control = new Control();
  const server = await listenForCommands(files.socket, (command) => control.obey(command));
  let record: RunRecord = known.record;
  const note = (more: Partial<RunRecord>): void => {
    record = { ...record, ...more };
    writeRunRecord(files.record, record);
  };
  note({ process: processMark() });
  const exitCode = await guarded({ ...context, stdout: log.output('stdout'), stderr: log.output('stderr') }, (own) =>
    action(own, {
      onInstalled: (installed) => {
        if (installed !== undefined) note({ installed: installedRun(installed) });
      },
      onTools: (tools) => {
        if (tools.length > 0) note({ tools: tools.map(installedRun) });
      },
      onAttached: (attached) => {
        control.attached = attached;
        tellStarter({ attached: true });
      },
    }),
  );
  server.close();
  writeSync(end, JSON.stringify({ exitCode, endedAtMs: Date.now() } satisfies RunEnd));
  closeSync(end);
  log.close();
  return exitCode;
}

/** What the starter is told, a line of JSON. */
export type StarterWord = { readonly attached: true } | { readonly failed: string; readonly exitCode: number };

async function guarded(context: Context, action: (context: Context) => Promise<number>): Promise<number> {
  try {
    return await action(context);
  } catch (error) {
    const failure = toEbpmError(error);
    const [text, exitCode] = [formatError(failure), exitCodeOf(failure)];
    context.stderr.write(text);
    tellStarter({ failed: text, exitCode });
    return exitCode;
  }
}

/** Once: whoever started it may have gone, and is not told of what happens later. */
function tellStarter(word: StarterWord): void {
  try {
    writeSync(STARTER, `${JSON.stringify(word)}\n`);
    closeSync(STARTER);
  } catch (error) {
    if (!['EPIPE', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Obeys commands. Before the programs are attached there is nothing to pause. */
class Control {
  attached: Attached | undefined;
  #status: ControlAnswer['status'] = 'running';

  obey(command: ControlCommand): ControlAnswer {
    if (command === 'stop') process.kill(process.pid, 'SIGTERM');
    if (command === 'pause' && this.attached !== undefined) this.#set('paused', () => this.attached?.pause());
    if (command === 'resume') this.#set('running', () => this.attached?.resume());
    const events = this.attached?.totals().reduce((sum, stream) => sum + stream.events, 0) ?? 0;
    return { status: this.#status, events };
  }

  #set(status: ControlAnswer['status'], action: () => void): void {
    action();
    this.#status = status;
  }
}
