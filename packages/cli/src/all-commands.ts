import { fileURLToPath } from 'node:url';
import { Errors, run } from '@oclif/core';
import { commandConfig } from './command-config.js';
import { exitCodeOf, formatError, toEbpmError } from './error-output.js';
import { taken } from './paced-output.js';
import { refuseUnknown } from './unknown-command.js';

/** Lies beside this file, bundled or not. */
const COMMAND_TABLE = fileURLToPath(new URL('./command-table.js', import.meta.url));

/** Runs a command line through oclif: any command, help, version. */
export async function allCommands(argv: readonly string[]): Promise<void> {
  try {
    const config = await commandConfig(COMMAND_TABLE);
    refuseUnknown(argv, config);
    await run([...argv], config);
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
