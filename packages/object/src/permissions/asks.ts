import { digestOf, type PackageFacts } from '@ebpm/formats';
import { MAX_ASK_TARGETS } from '../limits.js';
import { CONSENT, type Consent, type ConsentClass, UNCLASSIFIED } from './consent-table.js';
import type { Evidence, Permissions } from './evidence.js';

/** Something that somebody has to agree to before it runs. */
export interface Ask {
  readonly class: ConsentClass;
  readonly consent: Exclude<Consent, 'never'>;
  /** Where it happens, sorted: `uretprobe//bin/bash:readline`, `map counts`. An approval names them. */
  readonly targets: readonly string[];
  /** Why it is asked for; what is ordinary is left out. */
  readonly evidence: readonly Evidence[];
}

/** What has to be agreed to, in the order of the tables; empty where nobody needs to be asked. */
export function asksOf(
  facts: Pick<PackageFacts, 'objects'>,
  { permissions, unclassified }: Permissions,
): readonly Ask[] {
  const all = [
    ...permissions,
    ...(unclassified.length === 0 ? [] : [{ class: UNCLASSIFIED, evidence: unclassified } as const]),
  ];
  return all.flatMap((permission): Ask[] => {
    const consent = CONSENT[permission.class];
    const evidence = permission.evidence.filter(({ ordinary }) => ordinary !== true);
    if (consent === 'never' || evidence.length === 0) return [];
    return [{ class: permission.class, consent, targets: targetsOf(facts, evidence), evidence }];
  });
}

/** So many that nobody reads them are one name for all of them, so that approvals stay small. */
function targetsOf({ objects }: Pick<PackageFacts, 'objects'>, evidence: readonly Evidence[]): readonly string[] {
  const sections = new Map(
    objects.flatMap(({ file, programs }) =>
      programs.map(({ name, section }) => [`${file}\0${name}`, section] as const),
    ),
  );
  const targets = evidence.map(({ file, program, what }) =>
    program === undefined ? what : (sections.get(`${file}\0${program}`) ?? program).replace(/^\?/, ''),
  );
  const sorted = [...new Set(targets)].sort();
  if (sorted.length <= MAX_ASK_TARGETS) return sorted;
  return [`${sorted.length} targets, ${digestOf(new TextEncoder().encode(JSON.stringify(sorted)))}`];
}
