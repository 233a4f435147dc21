import { closest, EbpmError } from '@ebpm/formats';
import type { Config } from '@oclif/core';

/**
 * Refuses a command that there is none of, with the nearest one. Flags before a command and topics alone are oclif's.
 *
 * @throws EBPM_USAGE_INVALID
 */
export function refuseUnknown(argv: readonly string[], { commandIDs, topics }: Config): void {
  const [first = '', second = ''] = argv;
  if (first === '' || first.startsWith('-') || commandIDs.includes(first)) return;
  const isTopic = topics.some(({ name }) => name === first);
  if (isTopic && (second === '' || second.startsWith('-') || commandIDs.includes(`${first}:${second}`))) return;
  const typed = isTopic ? `${first} ${second}` : first;
  const known = [...commandIDs.map((id) => id.replace(':', ' ')), ...topics.map(({ name }) => name)];
  const meant = closest(typed, known) ?? closest(argv.slice(0, 2).join(' '), known);
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot do "${typed}": there is no such command`, {
    hint: meant === undefined ? 'Type "ebpm help" to see all commands' : `Did you mean "ebpm ${meant}"?`,
  });
}
