import type { CommandContext } from './command-context.js';

/** One flag: `--name VALUE`, or without a value `--name`. */
export interface Flag {
  /** What its value is called in help; undefined: it takes none. */
  readonly value?: string;
  readonly description: string;
}

/** What was typed. */
export interface CommandInput {
  readonly positionals: readonly string[];
  /** By name; `true` for those that take no value. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

/** A command of `ebpm-registry`. */
export interface Command {
  /** What selects it: `user add`; empty for the server itself. */
  readonly name: string;
  /** What its arguments are called in help; each must be given. */
  readonly positionals: readonly string[];
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
  run(input: CommandInput, context: CommandContext): Promise<void>;
}
