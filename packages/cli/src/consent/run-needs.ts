import { type JudgedObject, keptJudgement, readJudgement } from '@ebpm/client';
import type { Ask } from '@ebpm/object';
import type { Context } from '../context.js';
import type { Judgeable } from './judgeable.js';
import { trustedOwners } from './trusted-owners.js';

/** What a package needs somebody to agree to. */
export interface RunNeeds {
  readonly judged: JudgedObject;
  /** Whether it was found out just now, and is worth keeping. */
  readonly isNew: boolean;
  /** What has to be agreed to, with the evidence, where it was found out just now. */
  readonly asks?: readonly Ask[];
}

/**
 * What a package needs somebody to agree to: as it was judged when it was installed, or when it was run before, if these are the bytes that were; else it
 * is judged now, which takes as long as reading the object did.
 *
 * @param kept what the store has of it; `judge-now` where nothing that a user keeps is to be believed
 */
export async function runNeeds(
  { home, env }: Pick<Context, 'home' | 'env'>,
  pkg: Judgeable,
  kept: unknown,
): Promise<RunNeeds> {
  const object = pkg.digest;
  const installed = keptJudgement(kept);
  const isJudged = installed?.object === object;
  const before = kept === JUDGE_NOW || isJudged ? installed : await readJudgement(home, object, trustedOwners(env));
  if (before !== undefined) return { judged: before, isNew: false };
  const { judgePackage } = await import('./judge-package.js');
  return { ...judgePackage(pkg), isNew: kept !== JUDGE_NOW };
}

/** Instead of what is kept: nothing is. */
export const JUDGE_NOW = 'judge-now';
