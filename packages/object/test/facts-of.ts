import type { ObjectFacts, ProgramFacts } from '@ebpm/formats';
import { objectFacts } from '../src/facts/object-facts.js';
import { judge } from '../src/permissions/judge.js';
import type { PermissionClass } from '../src/permissions/permission-class.js';
import { compileText } from './compile-text.js';

/** The facts of the object that a C text is compiled to. */
export function factsOf(text: string): ObjectFacts {
  return objectFacts(compileText(text), { file: 'test.bpf.o', part: 0 });
}

/** Those of one of its programs. */
export function programOf(facts: ObjectFacts, name: string): ProgramFacts {
  const found = facts.programs.find((program) => program.name === name);
  if (found === undefined) throw new Error(`there is no program ${name}`);
  return found;
}

/** What an object may do, each class with its evidence as text. */
export function permissionsOf(...objects: readonly ObjectFacts[]): ReadonlyMap<PermissionClass, readonly string[]> {
  const { permissions } = judge({ objects: [...objects] });
  return new Map(
    permissions.map((permission) => [
      permission.class,
      permission.evidence.map(({ program, what }) => (program === undefined ? what : `${program}: ${what}`)),
    ]),
  );
}
