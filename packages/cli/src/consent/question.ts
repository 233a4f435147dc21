import { printable } from '@ebpm/events';
import { type Ask, meaningOf } from '@ebpm/object';
import { evidenceLines } from '../format-permissions.js';

/** What has to be agreed to, each class with its evidence; every line is safe to print. */
export function askLines(asks: readonly Ask[]): readonly string[] {
  return asks
    .flatMap((ask) => [`${meaningOf(ask.class)} (${ask.class})`, ...evidenceLines(ask.evidence)])
    .map((line) => printable(line));
}

/** What one package asks for. */
export interface AskingPackage {
  readonly name: string;
  /** What starts it, where it is a tool. */
  readonly startedBy?: string | undefined;
  readonly asks: readonly Ask[];
  /** Whether less of it was agreed to before. */
  readonly isWider: boolean;
}

/** The question on a terminal. */
export function questionText(asking: readonly AskingPackage[]): string {
  const lines = asking.flatMap(({ name, startedBy, asks, isWider }) => {
    const who = startedBy === undefined ? name : `${name}, which ${startedBy} starts,`;
    return [
      `${printable(who)} wants to do what is not done unasked:`,
      ...askLines(asks).map((line) => `  ${line}`),
      ...(isWider ? ['Less of it was agreed to before: this version of ebpm finds more in the same bytes'] : []),
    ];
  });
  return `${lines.join('\n')}\nLet ${asking.length === 1 ? 'it' : 'them'}, now and whenever these very bytes are run? [y/N] `;
}

/** Whether an answer is a yes: everything else is a no. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
