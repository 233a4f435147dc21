import { printable } from '@ebpm/events';
import type { FactChange } from '@ebpm/object';

/** Changes, a line each: `+ helper bpf_send_signal`. */
export function formatChanges(changes: readonly FactChange[]): string {
  if (changes.length === 0) return 'Both may see and do the same\n';
  return changes
    .map(({ kind, what, change }) => printable(`${change === 'added' ? '+' : '-'} ${kind} ${what}`))
    .map((line) => `${line}\n`)
    .join('');
}
