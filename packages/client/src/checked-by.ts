import { FACTS_VERSION, PERMISSIONS_VERSION } from '@ebpm/object';
import type { Machine } from './choose-entry.js';

/** What a version was checked by when it was installed: whatever does the same finds the same in the same bytes. */
export interface CheckedBy {
  /** This program's version, for `requires.ebpm` and for all its rules. */
  readonly ebpm: string;
  /** The machine that the entry was chosen for. */
  readonly arch: string;
  readonly facts: number;
  readonly table: number;
}

/** What this program checks by. */
export function checkedBy(ebpmVersion: string, { arch }: Machine): CheckedBy {
  return { ebpm: ebpmVersion, arch, facts: FACTS_VERSION, table: PERMISSIONS_VERSION };
}

/** Whether what an object may do would be found the same now, in words and classes. @param kept as it stands in a record */
export function isSameJudgement(kept: unknown): boolean {
  if (typeof kept !== 'object' || kept === null) return false;
  const { facts, table } = kept as Partial<CheckedBy>;
  return facts === FACTS_VERSION && table === PERMISSIONS_VERSION;
}

/** Whether both find the same. @param kept as it stands in a record */
export function isSameCheck(kept: unknown, now: CheckedBy): boolean {
  if (typeof kept !== 'object' || kept === null) return false;
  const { ebpm, arch, facts, table } = kept as Partial<CheckedBy>;
  return ebpm === now.ebpm && arch === now.arch && facts === now.facts && table === now.table;
}
