import { Command, Errors } from '@oclif/core';
import { type Context, createContext } from './context.js';
import { errorJson, exitCodeOf, formatError, toEbpmError } from './error-output.js';

/** What every command shares: `--json`, its context, and how errors are told. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  protected readonly context: Context = createContext(process.env);

  override logJson(json: unknown): void {
    this.context.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const failure = toEbpmError(error);
    process.exitCode = exitCodeOf(failure);
    if (this.jsonEnabled()) this.logJson({ error: errorJson(failure) });
    else this.context.stderr.write(formatError(failure));
  }
}
