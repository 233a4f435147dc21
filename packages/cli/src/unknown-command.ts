import { closest, EbpmError } from '@ebpm/formats';
import type { Config } from '@oclif/core';

/**
 * Refuses a command that there is none of, with the nearest one, and flags before a command. Help and topics alone are oclif's.
 *
 * @throws EBPM_USAGE_INVALID
 */
export function refuseUnknown(argv: readonly string[], { commandIDs, topics }: Config): void {
  const [first = '', second = ''] = argv;
  if (first === '' || HELP.includes(first) || commandIDs.includes(first)) return;
  if (first.startsWith('-')) {
    const message = `Cannot use "${first}" before a command`;
    throw new EbpmError('EBPM_USAGE_INVALID', message, { hint: flagHint(first, argv) });
  }
  const isTopic = topics.some(({ name }) => name === first);
  if (isTopic && (second === '' || second.startsWith('-') || commandIDs.includes(`${first}:${second}`))) return;
  const typed = isTopic ? `${first} ${second}` : first;
  const known = [...commandIDs.map((id) => id.replace(':', ' ')), ...topics.map(({ name }) => name)];
  const meant = closest(typed, known) ?? closest(argv.slice(0, 2).join(' '), known);
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot do "${typed}": there is no such command`, {
    hint: meant === undefined ? 'Type "ebpm help" to see all commands' : `Did you mean "ebpm ${meant}"?`,
  });
}

const HELP = ['--help', '-h'];

/** Where the flag belongs, or which one was meant of those that stand alone. */
function flagHint(flag: string, argv: readonly string[]): string {
  const meant = closest(flag, ['--help', '--version']);
  if (meant !== undefined) return `Did you mean ebpm ${meant}?`;
  const command = argv.find((word) => !word.startsWith('-')) ?? 'COMMAND';
  return `Flags stand behind the command: ebpm ${command} ${flag}`;
}
