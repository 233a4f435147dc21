import { compareVersions, EbpmError } from '@ebpm/formats';
import { MAX_TOLD_REASONS } from '../limits.js';
import type { Incompatibility } from './incompatibility.js';
import type { Requirement, Wanted } from './package-source.js';

/** One line of why nothing fits: who asks for what, all versions together that ask for the same. */
interface Reason {
  readonly by: string | undefined;
  readonly versions: Set<string>;
  readonly text: string;
  /** The package that is asked for; undefined where a version is refused for a reason of its own. */
  readonly wants: string | undefined;
}

/**
 * The error of an incompatibility that can never be avoided: everything it was concluded from, from whoever started it down to what
 * cannot be had together. A wish that has nothing to do with it is not in the proof, so not told.
 */
export function explainConflict(impossible: Incompatibility): EbpmError {
  const reasons = reasonsOf(impossible);
  const told = firstInOrder(reasons).map(sentence);
  const rest = reasons.length - told.length;
  return new EbpmError('EBPM_RESOLVE_CONFLICT', 'Cannot choose versions: what is asked for cannot be had together', {
    hint: 'Ask for a wider range of one of them; see what there is: ebpm info NAME',
    data: { log: rest === 0 ? told : [...told, `and ${rest} more reasons`] },
  });
}

/** The leaves of the proof. It is walked with a list, since it may be deeper than the stack; parts of it are shared. */
function reasonsOf(root: Incompatibility): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  const seen = new Set<Incompatibility>();
  const todo = [root];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { cause } = next;
    if (cause.kind === 'follows') {
      todo.push(...cause.from);
      continue;
    }
    const { by } = cause;
    const wants = cause.kind === 'asked' ? cause.requirement.name : undefined;
    const text = cause.kind === 'asked' ? asked(cause.requirement, cause.missing) : cause.reason;
    const key = JSON.stringify([by?.name, text]);
    const reason = reasons.get(key) ?? { by: by?.name, versions: new Set(), text, wants };
    reasons.set(key, reason);
    if (by !== undefined) reason.versions.add(by.version);
  }
  return [...reasons.values()];
}

/** From who started it down, each package's wishes after the wish for it; no more than are told. */
function firstInOrder(reasons: readonly Reason[]): readonly Reason[] {
  const ordered: Reason[] = [];
  const told = new Set<string | undefined>();
  const tell = (by: string | undefined): void => {
    if (told.has(by) || ordered.length >= MAX_TOLD_REASONS) return;
    told.add(by);
    for (const reason of reasons.filter((one) => one.by === by).sort((a, b) => (a.text < b.text ? -1 : 1))) {
      ordered.push(reason);
      if (reason.wants !== undefined) tell(reason.wants);
    }
  };
  tell(undefined);
  return ordered.slice(0, MAX_TOLD_REASONS);
}

function sentence({ by, versions, wants, text }: Reason): string {
  if (by === undefined) return `you ask for ${text}`;
  const numbers = [...versions].sort(compareVersions);
  const [first, last] = [numbers[0], numbers.at(-1)];
  const which = numbers.length > MAX_LISTED ? `${first} to ${last} (${numbers.length} versions)` : numbers.join(', ');
  if (wants === undefined) return `${by} ${which} cannot be taken: ${text}`;
  return `${by} ${which} ${numbers.length === 1 ? 'asks' : 'ask'} for ${text}`;
}

/** Versions that a line names one by one. */
const MAX_LISTED = 5;

function asked({ name, wanted }: Requirement, missing: string | undefined): string {
  return `${name} ${wantedText(wanted)}${missing === undefined ? '' : `: ${missing}`}`;
}

/** A wish as it is written. */
export function wantedText(wanted: Wanted): string {
  return wanted.kind === 'tag' ? `"${wanted.tag}"` : wanted.range;
}
