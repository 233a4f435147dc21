import { type Digest, isDigest } from '@ebpm/formats';
import {
  FACTS_VERSION,
  isConsentClass,
  isPermissionClass,
  PERMISSIONS_VERSION,
  type PermissionClass,
} from '@ebpm/object';
import type { AskedTargets, TableVersions } from './approval.js';

/** What one eBPF object may do, and what has to be agreed to, as it is kept: judging it again takes longer than reading the rest of a package. */
export interface JudgedObject extends TableVersions {
  readonly object: Digest;
  readonly classes: readonly PermissionClass[];
  readonly asks: AskedTargets;
}

/** The versions that this program judges by. */
export const TABLE_VERSIONS: TableVersions = { table: PERMISSIONS_VERSION, facts: FACTS_VERSION };

/** What was kept, where it is whole and by the versions of this program: whoever owns the store can write into it. */
export function keptJudgement(value: unknown): JudgedObject | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { object, table, facts, classes, asks } = value as Readonly<Record<keyof JudgedObject, unknown>>;
  const isCurrent = table === PERMISSIONS_VERSION && facts === FACTS_VERSION;
  if (!isCurrent || typeof object !== 'string' || !isDigest(object) || !Array.isArray(classes)) return undefined;
  if (typeof asks !== 'object' || asks === null || Array.isArray(asks)) return undefined;
  const areClasses = classes.every((name) => typeof name === 'string' && isPermissionClass(name));
  const areAsks = Object.entries(asks).every(([name, targets]) => isConsentClass(name) && areTexts(targets));
  return areClasses && areAsks ? (value as JudgedObject) : undefined;
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}
