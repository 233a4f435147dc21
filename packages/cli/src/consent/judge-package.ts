import { type JudgedObject, judgedObjects } from '@ebpm/client';
import { type Ask, asksOf, judge } from '@ebpm/object';
import type { Judgeable } from './judgeable.js';

/** What the objects that are to be loaded may do. */
export interface JudgedPackage {
  readonly judged: JudgedObject;
  /** What has to be agreed to, with the evidence. */
  readonly asks: readonly Ask[];
}

/** Judges the very bytes that are to be loaded. */
export function judgePackage(pkg: Judgeable): JudgedPackage {
  const objects = [...pkg.facts()];
  return { judged: judgedObjects(pkg.digest, objects), asks: asksOf({ objects }, judge({ objects })) };
}
