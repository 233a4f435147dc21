import { type FoldedStack, flameGraph, printable } from '@ebpm/events';
import { writeOutput } from './write-output.js';

/** Draws the stacks of a run into an SVG file. @throws EBPM_FILE_UNWRITABLE */
export async function writeFlameGraph(path: string, name: string, stacks: readonly FoldedStack[]): Promise<void> {
  const all = stacks.reduce((sum, { count }) => sum + count, 0n);
  const title = `${printable(name)}: ${all} sample${all === 1n ? '' : 's'}`;
  await writeOutput(path, new TextEncoder().encode(flameGraph(stacks, { title })));
}
