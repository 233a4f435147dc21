import { type JudgedObject, keptJudgement } from '@ebpm/client';
import { type Digest, sha256Hex } from '@ebpm/formats';
import type { RunnablePackage } from '@ebpm/runner';

/**
 * What a package needs somebody to agree to: as it was judged when it was installed, if these are the bytes that were; else it is judged now, which takes as
 * long as reading the object did.
 *
 * @param kept what the store has of it
 */
export async function runNeeds(pkg: RunnablePackage, kept?: unknown): Promise<JudgedObject> {
  const before = keptJudgement(kept);
  const object: Digest = `sha256:${sha256Hex(pkg.checked.bytes)}`;
  if (before?.object === object) return before;
  const { judgePackage } = await import('./judge-package.js');
  return judgePackage(pkg).judged;
}
