import type { Command } from './command.js';
import { COMMANDS } from './command-table.js';

/** The help for one command, or for all of them. */
export function helpText(command: Command): string {
  const version = command.name === '' ? { version: { description: 'print the version' } } : {};
  const flags = Object.entries({ ...command.flags, ...version, help: { description: 'print this help' } }).map(
    ([name, flag]) => [`--${name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.description] as const,
  );
  const store = 'store' in command.flags ? ' --store STORE' : '';
  const parts = [`usage: ${usageOf(command)}${store} [flags]\n\n${command.summary}`, `flags:\n${table(flags)}`];
  if (command.name === '') parts.splice(1, 0, `commands:\n${table(COMMANDS.map((c) => [usageOf(c), c.summary]))}`);
  return parts.join('\n\n');
}

function usageOf({ name, positionals }: Command): string {
  return ['ebpm-registry', name, ...positionals].filter((word) => word !== '').join(' ');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
