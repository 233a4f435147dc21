import { type DecidingRule, denyingRule, type Policy, type PolicySubject } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';

/** Refuses what a policy denies, whatever else allows it. @param what it is called, in quotes. @throws EBPM_POLICY_DENIES */
export function refuseDenied(policies: readonly Policy[], subject: PolicySubject, what: string): void {
  const denied = denyingRule(policies, subject);
  if (denied === undefined) return;
  const { policy, place, rule } = denied;
  throw new EbpmError('EBPM_POLICY_DENIES', `Cannot run ${what}: the policy "${policy.path}" denies it${why(denied)}`, {
    hint: rule?.reason ?? HINTS[place] ?? 'Ask whoever keeps that file',
    data: { file: policy.path, rule: place },
  });
}

function why({ place, rule }: DecidingRule): string {
  if (rule === undefined) return `, since ${REASONS[place] ?? 'no rule under "allow" is about it'}`;
  const { reason: _reason, ...lists } = rule;
  const about = Object.entries(lists).map(([what, wanted]) => `${what} ${shortened([wanted].flat())}`);
  return ` by ${place}: ${about.join(', ')}`;
}

/** Why something is denied that no rule is about, by the key of the policy. */
const REASONS: Readonly<Record<string, string>> = {
  signatures: 'its publisher has not signed it',
  revocationsWithinHours: 'what its registry has revoked was not heard of lately',
};

const HINTS: Readonly<Record<string, string>> = {
  revocationsWithinHours: 'Ask the registry: ebpm trust refresh',
};

/** A list of thousands of digests explains nothing. */
function shortened(wanted: readonly unknown[]): string {
  const shown = wanted.slice(0, MAX_SHOWN).join(' ');
  return wanted.length > MAX_SHOWN ? `${shown} and ${wanted.length - MAX_SHOWN} more` : shown;
}

const MAX_SHOWN = 3;
