import { type Command, Errors, run } from '@oclif/core';
import { commandConfig } from './command-config.js';
import { exitCodeOf, formatError, toEbpmError } from './error-output.js';
import { taken } from './paced-output.js';

/** Does something with oclif, and tells what it throws. */
export async function telling(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Errors.ExitError) {
      process.exitCode = error.oclif.exit ?? 0;
      return;
    }
    const failure = toEbpmError(error);
    process.stderr.write(formatError(failure));
    process.exitCode = exitCodeOf(failure);
  } finally {
    // oclif's own flush gives up after 10 s, which a pager may well take.
    await taken(process.stdout);
  }
}

/** Shows the help of one command, without loading the others. */
export function showHelp(id: string, command: Command.Class): Promise<void> {
  return telling(async () => {
    await run([id, '--help'], await commandConfig({ [id]: command }));
  });
}
