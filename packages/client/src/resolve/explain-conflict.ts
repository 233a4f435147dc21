import { compareVersions, EbpmError } from '@ebpm/formats';
import { MAX_TOLD_REASONS } from '../limits.js';
import type { AskedBy, Incompatibility } from './incompatibility.js';
import type { Requirement, Wanted } from './package-source.js';

/** One line of why nothing fits: who asks for what, all versions together that ask for the same. */
interface Reason {
  readonly by: string | undefined;
  readonly versions: Set<string>;
  readonly text: string;
  /** What is asked for; undefined where a version is refused for a reason of its own. */
  readonly wants: Requirement | undefined;
  /** Why nothing is content with the wish; undefined where something is. */
  readonly missing?: string | undefined;
}

/** What a conflict is explained with. */
export interface ExplainOptions {
  /** The version of a package that all of it is for; undefined: whoever has typed the command. */
  readonly root: AskedBy | undefined;
  /** The versions that a wish would allow if they could be chosen, with the reasons why they cannot. */
  readonly withheld: (wish: Requirement) => ReadonlyMap<string, string>;
}

/**
 * The error of an incompatibility that can never be avoided: everything it was concluded from, from whoever started it down to what
 * cannot be had together. A wish that has nothing to do with it is not in the proof, so not told.
 */
export function explainConflict(impossible: Incompatibility, { root, withheld }: ExplainOptions): EbpmError {
  const found = reasonsOf(impossible);
  const reasons = [...found, ...withheldReasons(found, withheld)];
  const chain = firstInOrder(reasons).map((reason) => sentence(reason, root));
  const told = root === undefined ? chain : [`you ask for ${root.name} ${root.version}`, ...chain];
  const rest = reasons.length - chain.length;
  return new EbpmError('EBPM_RESOLVE_CONFLICT', 'Cannot choose versions: what is asked for cannot be had together', {
    hint: 'Ask for a wider range of one of them; see what there is: ebpm info NAME',
    data: { log: rest === 0 ? told : [...told, `and ${rest} more reasons`] },
  });
}

/** Why nothing is content with a wish. @param withheld the versions that would be, with the reasons why they cannot be chosen */
export function withheldText(withheld: ReadonlyMap<string, string>): string {
  if (withheld.size === 0) return 'there is no such version';
  const groups = [...byReason(withheld)].map(([reason, versions]) =>
    versions.length === 1 ? `${versions[0]} ${reason}` : `${numbersText(versions)}: each ${reason}`,
  );
  return groups.join('; ');
}

/** Versions that would have settled it: each of those who ask would take them, and they cannot be chosen. */
function withheldReasons(found: readonly Reason[], withheld: ExplainOptions['withheld']): readonly Reason[] {
  const wished = new Map<string, Reason[]>();
  for (const reason of found) {
    if (reason.wants !== undefined) wished.set(reason.wants.name, [...(wished.get(reason.wants.name) ?? []), reason]);
  }
  return [...wished].flatMap(([name, wishes]) => {
    if (wishes.some(({ missing }) => missing !== undefined)) return [];
    const askers = new Map<string | undefined, Map<string, string>>();
    for (const { by, wants } of wishes) {
      const own = askers.get(by) ?? new Map<string, string>();
      askers.set(by, own);
      for (const [version, reason] of wants === undefined ? [] : withheld(wants)) own.set(version, reason);
    }
    const [first = new Map<string, string>(), ...others] = askers.values();
    const common = new Map([...first].filter(([version]) => others.every((other) => other.has(version))));
    return [...byReason(common)].map(([text, versions]) => ({
      by: name,
      versions: new Set(versions),
      text: `it ${text}`,
      wants: undefined,
    }));
  });
}

function byReason(withheld: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const grouped = new Map<string, string[]>();
  for (const [version, reason] of withheld) grouped.set(reason, [...(grouped.get(reason) ?? []), version]);
  return grouped;
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
    const { requirement: wants, missing } = cause.kind === 'asked' ? cause : {};
    const text = cause.kind === 'asked' ? asked(cause.requirement, cause.missing) : cause.reason;
    const key = JSON.stringify([by?.name, text]);
    const reason = reasons.get(key) ?? { by: by?.name, versions: new Set(), text, wants, missing };
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
      if (reason.wants !== undefined) tell(reason.wants.name);
    }
  };
  tell(undefined);
  return ordered.slice(0, MAX_TOLD_REASONS);
}

function sentence({ by, versions, wants, text }: Reason, root: AskedBy | undefined): string {
  if (by === undefined)
    return root === undefined ? `you ask for ${text}` : `${root.name} ${root.version} asks for ${text}`;
  const which = numbersText([...versions].sort(compareVersions));
  if (wants === undefined) return `${by} ${which} cannot be taken: ${text}`;
  return `${by} ${which} ${versions.size === 1 ? 'asks' : 'ask'} for ${text}`;
}

/** @param numbers lowest first */
function numbersText(numbers: readonly string[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  return numbers.length > MAX_LISTED ? `${first} to ${last} (${numbers.length} versions)` : numbers.join(', ');
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
