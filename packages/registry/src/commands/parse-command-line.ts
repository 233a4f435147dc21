import { parseArgs } from 'node:util';
import type { EbpmError } from '@ebpm/formats';
import type { Command, CommandInput } from './command.js';
import { COMMANDS } from './command-table.js';
import { usageError } from './usage-error.js';

/** A command, and what was typed after it. */
export interface CommandLine {
  readonly command: Command;
  readonly input: CommandInput;
  /** --help was given: nothing else counts. */
  readonly wantsHelp: boolean;
  /** --version was given, without a command. */
  readonly wantsVersion: boolean;
}

/**
 * Finds out what was typed. The first words that are no flags select the command.
 * @throws EBPM_REGISTRY_USAGE
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const command = COMMANDS.find(({ name }) => name !== '' && startsWith(args, name.split(' ')));
  const [server] = COMMANDS.filter(({ name }) => name === '');
  const selected = command ?? server;
  if (selected === undefined) throw new TypeError('the command table has no command without a name');
  const rest = args.slice(command === undefined ? 0 : command.name.split(' ').length);
  const { positionals, values } = parse(selected, rest);
  const wantsHelp = values['help'] === true;
  const wantsVersion = values['version'] === true;
  if (!wantsHelp && !wantsVersion) checkCount(selected, positionals);
  return { command: selected, input: { positionals, flags: values }, wantsHelp, wantsVersion };
}

function startsWith(args: readonly string[], words: readonly string[]): boolean {
  return words.every((word, i) => args[i] === word);
}

function parse({ name: command, flags }: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string' } as const,
    ]),
  );
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...options,
        help: { type: 'boolean' },
        ...(command === '' && { version: { type: 'boolean' } as const }),
      },
      allowPositionals: true,
      // Settings that are true by default, or in the file, are switched off with --no-NAME.
      allowNegative: true,
    });
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      // What comes after the first sentence is on words that begin with a dash: no name here does.
      throw usageError(error.message.split(/\n|\. /)[0] ?? '', `ebpm-registry ${command} --help`.replace('  ', ' '));
    }
    throw error;
  }
}

function checkCount({ name, positionals: wanted }: Command, given: readonly string[]): void {
  const missing = wanted[given.length];
  if (missing !== undefined) throw usageError(`"${name}" needs ${missing}`, `ebpm-registry ${name} --help`);
  const extra = given[wanted.length];
  if (extra === undefined) return;
  throw name === '' ? unknownCommand(given) : usageError(`"${extra}" is too much`);
}

function unknownCommand([topic = '', verb]: readonly string[]): EbpmError {
  const others = COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(`${topic} `));
  if (others.length === 0) return usageError(`it has no command "${topic}"`);
  const typed = verb === undefined ? topic : `${topic} ${verb}`;
  return usageError(`it has no command "${typed}"`, `ebpm-registry ${others.join(', or ')}`);
}
