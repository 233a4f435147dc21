import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Args, Flags } from '@oclif/core';
import { findRun } from '../background/known-runs.js';
import { type LogFrame, LogReader } from '../background/log-reader.js';
import { readRun } from '../background/run-record.js';
import { runsFolder } from '../background/runs-folder.js';
import { BaseCommand } from '../base-command.js';
import { runInterruptibly } from '../run-interruptibly.js';

/** Milliseconds between two looks at a log that is followed. */
const LOOK_MS = 100;

/** `ebpm logs RUN`: prints what a background run has printed. */
export default class Logs extends BaseCommand {
  static override summary = 'Print the output of a background run';
  static override description =
    'What it wrote to stdout goes to stdout, what it wrote to stderr to stderr. The last 8 to 16 MiB are kept. With --json, a line for each piece: when, which stream, and the text.';
  static override examples = ['<%= config.bin %> logs -f signals'];
  static override enableJsonFlag = false;
  static override args = { run: Args.string({ description: 'its id or name', required: true }) };
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'go on until the run ends' }),
    json: Flags.boolean({ description: 'print one JSON object a line' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Logs);
    const { record, files } = findRun(runsFolder(this.context.env), args.run);
    const reader = new LogReader(files.logs);
    const show = (frame: LogFrame) => this.#show(frame, flags.json);
    process.exitCode = await runInterruptibly(async (signal) => {
      for (;;) {
        // Asked before the reading, so that the last words of a run that ends meanwhile are read.
        const goesOn = flags.follow && readRun(files.folder)?.isRunning === true && !signal.aborted;
        for (const frame of reader.read()) show(frame);
        if (!goesOn) break;
        await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
      }
      const crash = readFileSync(files.crash, 'utf8');
      if (crash !== '') this.context.stderr.write(`Node said of run ${record.id}:\n${crash}`);
      return 0;
    });
    reader.close();
  }

  #show({ stream, timeMs, text }: LogFrame, asJson: boolean): void {
    const { stdout, stderr } = this.context;
    if (!asJson) {
      (stream === 'stdout' ? stdout : stderr).write(text);
      return;
    }
    const line = { time: new Date(timeMs).toISOString(), stream, text: new TextDecoder().decode(text) };
    stdout.write(`${JSON.stringify(line)}\n`);
  }
}
