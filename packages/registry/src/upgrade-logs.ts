import { OPERATOR } from './fold/principal.js';
import { type NewOp, RULES } from './log/op.js';
import type { Registry } from './registry.js';

/** What an upgrade did. */
export interface Upgraded {
  /** The number of the rules in force now. */
  readonly rules: number;
  /** Whether they were in force before. */
  readonly already: boolean;
}

/**
 * Puts the rules of this version in force in both logs, for ever: versions of ebpm-registry that do not have them write nothing any more.
 * @param needs this version of ebpm-registry
 */
export async function upgradeLogs({ log, accountsLog }: Registry, needs: string): Promise<Upgraded> {
  const op: NewOp = { type: 'upgrade', by: OPERATOR, rules: RULES, needs };
  const accounts = await accountsLog.commit(op);
  const packages = await log.commit(op);
  return { rules: RULES, already: accounts.already && packages.already };
}
