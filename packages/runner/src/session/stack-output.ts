import { createPrinter, type RecordType, type StackOutput } from '@ebpm/events';
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

/**
 * Checks what is to be shown of the stacks of a map, before anything is loaded; `rest` are the fields beside them.
 *
 * @throws EBPM_STACKS_WHOLE, the codes of `createPrinter`
 */
export function checkStackOptions(map: string, rest: RecordType, options: Omit<StreamOptions, 'perCpu'>): void {
  const { columns, top } = options.printing;
  if (columns !== undefined && options.output !== 'json') {
    throw new EbpmError(
      'EBPM_STACKS_WHOLE',
      `Cannot choose columns of the stacks of map "${map}": they are shown whole`,
      {
        hint: 'Leave out --columns, or use it with --json, or with --output csv, which shows the numbers',
      },
    );
  }
  if (top !== undefined && options.foldStacks) {
    throw new EbpmError(
      'EBPM_STACKS_WHOLE',
      `Cannot add up only the first stacks of map "${map}": the sum would be wrong`,
      {
        hint: 'Leave out --top, or --flamegraph and "--output folded"',
      },
    );
  }
  createPrinter('json', rest, options.printing);
}
