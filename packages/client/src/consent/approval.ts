import type { Ask, ConsentClass } from '@ebpm/object';
import type { Approved } from '@ebpm/schemas';

/** Where programs do what has to be agreed to, by class. */
export type AskedTargets = Readonly<Partial<Record<ConsentClass, readonly string[]>>>;

/** The versions of what asks follow from. */
export interface TableVersions {
  readonly table: number;
  readonly facts: number;
}

/** Classes and targets of what has to be agreed to. */
export function askedTargets(asks: readonly Ask[]): AskedTargets {
  return Object.fromEntries(asks.map((ask) => [ask.class, ask.targets]));
}

/**
 * The classes for which nobody has agreed to all of their targets. What a newer table finds more of the same bytes is not agreed to, whatever version an
 * approval is of.
 */
export function unapproved(
  asked: AskedTargets,
  approvals: readonly Pick<Approved, 'classes'>[],
): readonly ConsentClass[] {
  const isApproved = (name: string, target: string) =>
    approvals.some(({ classes }) => Object.hasOwn(classes, name) && classes[name]?.includes(target) === true);
  return (Object.entries(asked) as [ConsentClass, readonly string[]][])
    .filter(([name, targets]) => !targets.every((target) => isApproved(name, target)))
    .map(([name]) => name);
}

/** An approval of those classes of what is asked for, and of what an earlier one of the same bytes has. Undefined where that is nothing. */
export function approve(
  asked: AskedTargets,
  { classes, versions, before }: { classes: readonly string[]; versions: TableVersions; before?: Approved | undefined },
): Approved | undefined {
  const chosen = Object.entries(asked).filter(([name]) => classes.includes(name));
  if (chosen.length === 0) return before;
  const sum: Record<string, string[]> = { ...before?.classes };
  for (const [name, targets] of chosen) {
    const known = Object.hasOwn(sum, name) ? (sum[name] ?? []) : [];
    sum[name] = [...new Set([...known, ...targets])].sort();
  }
  const inOrder = Object.entries(sum).sort(([a], [b]) => (a < b ? -1 : 1));
  return { table: versions.table, facts: versions.facts, classes: Object.fromEntries(inOrder) };
}
