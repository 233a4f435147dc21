import type { Digest, ObjectFacts, PackageFacts } from '@ebpm/formats';
import { asksOf, judge } from '@ebpm/object';
import { askedTargets } from './approval.js';
import { type JudgedObject, TABLE_VERSIONS } from './kept-judgement.js';

/** Judges an object by its facts. */
export function judgedObject(facts: ObjectFacts): JudgedObject {
  return judgedObjects(`sha256:${facts.sha256}`, [facts]);
}

/** Judges the objects that some bytes carry, such as a WASM module, as one. */
export function judgedObjects(object: Digest, objects: readonly ObjectFacts[]): JudgedObject {
  const facts = { objects: [...objects] };
  const found = judge(facts);
  return {
    ...TABLE_VERSIONS,
    object,
    classes: found.permissions.map((permission) => permission.class),
    asks: askedTargets(asksOf(facts, found)),
  };
}

/** Judges the object in the file of a package that runs; undefined where it holds none, or several. */
export function judgedEntry({ objects }: PackageFacts, path: string): JudgedObject | undefined {
  const [object, ...others] = objects.filter(({ file }) => file === path);
  return object === undefined || others.length > 0 ? undefined : judgedObject(object);
}
