import { printable } from '@ebpm/events';
import type { FactChange } from '@ebpm/object';
import type { CliDiff } from '@ebpm/schemas';
import { formatSubject } from './subject.js';

/** What was compared, in the way of diff(1), and the changes, a line each: `+ helper bpf_send_signal`. */
export function formatChanges(
  { before, after }: Pick<CliDiff, 'before' | 'after'>,
  changes: readonly FactChange[],
): string {
  const same = before.digest === after.digest ? 'Both are the same bytes' : 'Both may see and do the same';
  const lines = changes.map(({ kind, what, change }) => `${change === 'added' ? '+' : '-'} ${kind} ${what}`);
  const all = [`--- ${formatSubject(before)}`, `+++ ${formatSubject(after)}`, ...(lines.length === 0 ? [same] : lines)];
  return all.map((line) => `${printable(line)}\n`).join('');
}
