import type { StackOutput } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { OutputKind, StreamOptions } from './stream.js';

/** How stacks are printed in an output format; undefined for formats that show the numbers that the kernel gave. */
export function stackOutput(output: OutputKind): StackOutput | undefined {
  return output === 'table' || output === 'json' || output === 'folded' ? output : undefined;
}

/** Refuses to add up the stacks of a map that has none. @throws EBPM_STACKS_MISSING */
export function refuseFolding(map: string, { foldStacks }: Pick<StreamOptions, 'foldStacks'>): void {
  if (!foldStacks) return;
  throw new EbpmError('EBPM_STACKS_MISSING', `Cannot draw or fold stacks: what map "${map}" shows has none`, {
    hint: 'Leave out --flamegraph and "--output folded"',
  });
}

/** Refuses to choose among stacks, or parts of them. @throws EBPM_STACKS_WHOLE */
export function refuseChoosing(map: string, { printing }: Pick<StreamOptions, 'printing'>): void {
  const { columns, filter, sort } = printing;
  if (columns === undefined && filter === undefined && sort === undefined) return;
  throw new EbpmError('EBPM_STACKS_WHOLE', `Cannot choose among the stacks of map "${map}": they are shown whole`, {
    hint: 'Leave out --columns, --filter and --sort, or use them with --output csv, which shows the numbers',
  });
}
