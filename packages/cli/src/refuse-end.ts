import { EbpmError } from '@ebpm/formats';
import type { CliRunLedger } from '@ebpm/schemas';
import { formatShare, type LossRequest } from './loss-request.js';

/** The run itself went well; what it was told not to let pass did happen. @throws EBPM_BUDGET_EXCEEDED, EBPM_EVENTS_LOST */
export function refuseEnd(
  { package: name, ended, complete, why }: CliRunLedger,
  { strict, budget }: LossRequest,
): void {
  if (ended === 'budget') {
    throw new EbpmError(
      'EBPM_BUDGET_EXCEEDED',
      `Stopped "${name}": its programs took more than ${formatShare(budget ?? 0)} of a core over one second`,
      { hint: 'Give it a larger --budget, or narrow what it looks at with its own options' },
    );
  }
  if (strict && complete !== true) {
    const what = complete === false ? 'is not complete' : 'may not be complete';
    throw new EbpmError('EBPM_EVENTS_LOST', `What "${name}" showed ${what}: ${why[0] ?? ''}`);
  }
}
