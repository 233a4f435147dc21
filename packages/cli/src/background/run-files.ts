import { join } from 'node:path';

/** The files of a background run. */
export interface RunFiles {
  readonly folder: string;
  /** Who it is: a `RunRecord`. */
  readonly record: string;
  /** How it ended: a `RunEnd`; empty while it runs. */
  readonly end: string;
  /** Where it takes commands. */
  readonly socket: string;
  /** Its output, in turns: see log-file.ts. */
  readonly logs: readonly [string, string];
  /** What Node itself says when it cannot go on. */
  readonly crash: string;
}

/** Of the run whose folder that is. */
export function runFiles(folder: string): RunFiles {
  return {
    folder,
    record: join(folder, 'run.json'),
    end: join(folder, 'end.json'),
    socket: join(folder, 'control'),
    logs: [join(folder, 'log.0'), join(folder, 'log.1')],
    crash: join(folder, 'crash'),
  };
}
