import { EbpmError } from '@ebpm/formats';
import { encodeValue } from './encode-value.js';
import type { OptionName, ProgramOption } from './program-option.js';

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
  let verbose = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-h' || word === '--help') return { wants: 'help' };
    if (word === '-V' || word === '--version') return { wants: 'version' };
    if (word === '--verbose') {
      verbose = true;
      continue;
    }
    const match = findOption(options, word);
    if (match.name.sets !== undefined) {
      if (match.attached !== undefined) {
        throw new EbpmError('EBPM_ARGUMENT_INVALID', `Cannot read "${word}": this option takes no value`);
      }
      given.set(match.option, match.name.sets);
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

function findOption(options: readonly ProgramOption[], word: string): Match {
  const match = word.startsWith('--') ? findLong(options, word.slice(2)) : findShort(options, word);
  if (match !== undefined) return match;
  throw new EbpmError('EBPM_ARGUMENT_UNKNOWN', `Cannot read "${word}": the program has no such option`, {
    hint: 'Put --help after the package name to see its options',
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
    const value = given.get(option) ?? option.defaultValue;
    return value === undefined ? [] : [{ option, bytes: encodeValue(option, value) }];
  });
}
