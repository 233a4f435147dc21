import { closest, EbpmError } from '@ebpm/formats';
import { encodeValue } from './encode-value.js';
import type { OptionName, OptionValue, ProgramOption } from './program-option.js';

/** What the words after the package's name ask for. */
export type ProgramArguments =
  | { readonly wants: 'help' | 'version' }
  | { readonly wants: 'run'; readonly values: readonly VariableValue[]; readonly verbose: boolean };

/** Bytes for a global variable. */
export interface VariableValue {
  readonly option: ProgramOption;
  readonly bytes: Uint8Array;
}

/**
 * Reads a program's own arguments: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, flags, and the built-in
 * `-h`, `--help`, `-V`, `--version`, `--verbose`. Variables that are not named get their default, if there is one.
 *
 * @throws EBPM_ARGUMENT_UNKNOWN, EBPM_ARGUMENT_INVALID
 */
export function parseProgramArguments(options: readonly ProgramOption[], words: readonly string[]): ProgramArguments {
  const given = new Map<ProgramOption, string | boolean>();
  const takesVerbose = findLong(options, 'verbose') === undefined;
  let verbose = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-h' || word === '--help') return { wants: 'help' };
    if (word === '-V' || word === '--version') return { wants: 'version' };
    if (word === '--verbose' && takesVerbose) {
      verbose = true;
      continue;
    }
    const match = findOption(options, word);
    if (match.name.sets !== undefined) {
      given.set(match.option, flagValue(match, word));
      continue;
    }
    const value = match.attached ?? words[++at];
    if (value === undefined) {
      throw new EbpmError(
        'EBPM_ARGUMENT_INVALID',
        `Cannot read "${word}": it needs a value (${match.option.typeName})`,
      );
    }
    given.set(match.option, value);
  }
  return { wants: 'run', values: valuesOf(options, given), verbose };
}

interface Match {
  readonly option: ProgramOption;
  readonly name: OptionName;
  /** The value that came with the word itself. */
  readonly attached: string | undefined;
}

/** `--x=false` is taken for `--x` alone: what `--enable-x=false` would mean is anybody's guess. */
function flagValue({ option, name, attached }: Match, word: string): string | boolean {
  if (attached === undefined && name.sets !== undefined) return name.sets;
  const isPlain = !option.names.some(({ long }) => long !== name.long && name.long.endsWith(`-${long}`));
  if (attached !== undefined && isPlain) return attached;
  throw new EbpmError('EBPM_ARGUMENT_INVALID', `Cannot read "${word}": this option takes no value`);
}

function findOption(options: readonly ProgramOption[], word: string): Match {
  const match = word.startsWith('--') ? findLong(options, word.slice(2)) : findShort(options, word);
  if (match !== undefined) return match;
  const names = options.flatMap((option) => option.names.map(({ long }) => `--${long}`));
  const argument = word.replace(/=.*/s, '');
  const meant = closest(argument, names);
  throw new EbpmError('EBPM_ARGUMENT_UNKNOWN', `Cannot read "${word}": the program has no such option`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}?\n`}Put --help after the package name to see its options`,
    data: { argument },
  });
}

function findLong(options: readonly ProgramOption[], text: string): Match | undefined {
  const equals = text.indexOf('=');
  const long = equals === -1 ? text : text.slice(0, equals);
  const attached = equals === -1 ? undefined : text.slice(equals + 1);
  for (const option of options) {
    const name = option.names.find((candidate) => candidate.long === long);
    if (name !== undefined) return { option, name, attached };
  }
  return undefined;
}

function findShort(options: readonly ProgramOption[], word: string): Match | undefined {
  if (!/^-[^-]/.test(word)) return undefined;
  const option = options.find((candidate) => candidate.short === word[1]);
  if (option === undefined) return undefined;
  const attached = word.length > 2 ? word.slice(2).replace(/^=/, '') : undefined;
  const flag = option.kind.kind === 'bool';
  return { option, name: { long: option.variable, sets: flag ? option.defaultValue !== true : undefined }, attached };
}

function valuesOf(
  options: readonly ProgramOption[],
  given: ReadonlyMap<ProgramOption, string | boolean>,
): readonly VariableValue[] {
  return options.flatMap((option) => {
    const value = given.get(option);
    if (value !== undefined) return [{ option, bytes: encodeValue(option, value) }];
    return option.defaultValue === undefined ? [] : [{ option, bytes: encodeDefault(option, option.defaultValue) }];
  });
}

/** A default that its variable cannot hold is the package's mistake, not that of who types the command. */
function encodeDefault(option: ProgramOption, value: OptionValue): Uint8Array {
  if (isRounded(value)) throw badDefault(option, value, 'JSON numbers of more than 53 bits are not exact');
  try {
    return encodeValue(option, value);
  } catch (cause) {
    if (!(cause instanceof EbpmError)) throw cause;
    throw badDefault(option, value, cause.message, cause);
  }
}

function isRounded(value: OptionValue): boolean {
  if (typeof value === 'object') return value.some(isRounded);
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function badDefault(option: ProgramOption, value: OptionValue, reason: string, cause?: unknown): EbpmError {
  const name = option.names[0]?.long ?? option.variable;
  return new EbpmError(
    'EBPM_PACKAGE_INCONSISTENT',
    `Cannot use the default of "--${name}", ${JSON.stringify(value)}: ${reason}`,
    { cause, hint: `Give the value: --${name} VALUE` },
  );
}
