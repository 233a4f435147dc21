import { collectGarbage, type Garbage } from '../upkeep/collect-garbage.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withRegistry } from './store-flags.js';

/** `ebpm-registry gc` */
export const gc: Command = {
  name: 'gc',
  positionals: [],
  summary: 'remove archives that no version needs, and old snapshots; servers may go on',
  flags: {
    ...STORE_FLAGS,
    'dry-run': { description: 'change nothing, and say what would be done' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const isDry = input.flags['dry-run'] === true;
    const garbage = await withRegistry(input, context, (registry) => collectGarbage(registry, isDry));
    const lines = input.flags['json'] === true ? [JSON.stringify(garbage)] : linesOf(garbage, isDry);
    for (const line of lines) context.print(line);
  },
};

function linesOf({ unused, swept, waiting, snapshots }: Garbage, isDry: boolean): string[] {
  const sizeBytes = unused.reduce((sum, blob) => sum + blob.sizeBytes, 0);
  const [remove, sweep] = isDry ? ['would remove', 'would free'] : ['removed', 'freed'];
  return [
    ...unused.map((blob) => `${blob.digest}  ${blob.sizeBytes}`),
    `${remove} ${unused.length} archives of ${sizeBytes} bytes and ${snapshots} snapshots; ${sweep} ${swept.length} digests for publishing again`,
    ...(waiting.length > 0 || (unused.length > 0 && !isDry) ? ['run it again in an hour'] : []),
  ];
}
