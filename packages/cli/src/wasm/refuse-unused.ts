import { EbpmError } from '@ebpm/formats';
import type { RunRequest } from '../run-here.js';

/** Refuses what a guest does by itself, or what makes no sense for it: nobody would notice that a flag was ignored. @throws EBPM_USAGE_INVALID */
export function refuseUnused(request: RunRequest): void {
  const { targets, losses, output } = request;
  const unused: readonly (readonly [string, boolean])[] = [
    ['--record', request.recordPath !== undefined],
    ['--flamegraph', request.flameGraphPath !== undefined],
    ['--event-type', request.eventTypes.length > 0],
    ['--best-effort', request.bestEffort],
    ['--keep-privileges', request.keepPrivileges],
    ['--stats', losses.stats],
    ['--budget', losses.budget !== undefined],
    ['--output folded', output.kind === 'folded'],
    ...Object.entries(targets).map(([kind, value]) => [`--target-${kind}`, value !== undefined] as const),
  ];
  const found = unused.find(([, isGiven]) => isGiven);
  if (found === undefined) return;
  throw new EbpmError(
    'EBPM_USAGE_INVALID',
    `Cannot use ${found[0]} with a WASM package: its module decides that itself`,
    {
      hint: 'Give the module its own options, behind its name',
    },
  );
}
