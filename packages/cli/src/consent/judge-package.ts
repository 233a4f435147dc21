import { type JudgedObject, judgedObject } from '@ebpm/client';
import { type Ask, asksOf, checkedObjectFacts, judge } from '@ebpm/object';
import type { RunnablePackage } from '@ebpm/runner';

/** What the object that is to be loaded may do. */
export interface JudgedPackage {
  readonly judged: JudgedObject;
  /** What has to be agreed to, with the evidence. */
  readonly asks: readonly Ask[];
}

/** Judges the very bytes that are to be loaded. */
export function judgePackage({ checked, name }: RunnablePackage): JudgedPackage {
  const facts = checkedObjectFacts(checked, { file: name, part: 0 });
  return { judged: judgedObject(facts), asks: asksOf({ objects: [facts] }, judge({ objects: [facts] })) };
}
