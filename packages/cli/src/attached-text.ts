import { printable } from '@ebpm/events';
import type { Attached } from '@ebpm/runner';
import { counted } from './counted.js';

/** What it is said of. */
type AttachedPrograms = Pick<Attached, 'programs' | 'places' | 'skipped'>;

/** What is said once a package runs: how many programs, and whatever is not as it was asked for. */
export function attachedText(name: string, attached: AttachedPrograms): string {
  const { programs, places, skipped } = attached;
  const count = counted(programs.length, 'program');
  const all = counted(programs.length + skipped.length, 'program');
  const notes = places.flatMap((place) => (place.note === undefined ? [] : [`${place.name}: ${place.note}`]));
  const degraded =
    skipped.length === 0
      ? []
      : [
          `DEGRADED: ${skipped.length} of ${all} of ${name} not attached`,
          ...skipped.map((one) => `  ${one.name} (${one.section}): ${one.reason}`),
        ];
  const lines = [...notes, ...degraded, `${name}: attached ${count}, Ctrl-C ends`];
  return `${lines.map(printable).join('\n')}\n`;
}
