import { Command, Errors, type Interfaces } from '@oclif/core';
import { type Context, createContext } from './context.js';
import { errorJson, exitCodeOf, formatError, toEbpmError } from './error-output.js';

/** What every command shares: `--json`, its context, and how errors are told. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  protected readonly context: Context = createContext(process.env);

  /** What is piped is no argument that was left out, as oclif takes it: a command in a loop would take the loop's input. */
  protected override parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    for (const arg of Object.values(options?.args ?? {})) arg.ignoreStdin = true;
    return super.parse(options, argv);
  }

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
