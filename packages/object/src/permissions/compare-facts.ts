import type { HelperFacts, KernelFunctionFacts, ObjectFacts, PackageFacts } from '@ebpm/formats';
import { permissionClasses } from './judge.js';

/** What changes are about, in the order in which they are told. */
export const CHANGE_KINDS = [
  'class',
  'target',
  'helper',
  'kernel function',
  'kernel variable',
  'field',
  'pinned map',
  'unreadable object',
] as const;

/** Something that one version of a package has and another has not. */
export interface FactChange {
  readonly kind: (typeof CHANGE_KINDS)[number];
  readonly what: string;
  readonly change: 'added' | 'dropped';
}

type Facts = Pick<PackageFacts, 'objects'>;

/**
 * What a package would get, and lose, by becoming another: classes, targets with the type of program that attaches there, helpers and
 * kernel functions with the globals that they stand behind, fields. By kind, then by name.
 */
export function compareFacts(before: Facts, after: Facts): readonly FactChange[] {
  return CHANGE_KINDS.flatMap((kind) => {
    const old = new Set(THINGS[kind](before));
    const now = new Set(THINGS[kind](after));
    const changes = [...new Set([...old, ...now])].filter((what) => old.has(what) !== now.has(what));
    return changes.sort().map((what): FactChange => ({ kind, what, change: now.has(what) ? 'added' : 'dropped' }));
  });
}

const THINGS: { readonly [Kind in FactChange['kind']]: (facts: Facts) => readonly string[] } = {
  class: permissionClasses,
  target: (facts) =>
    programs(facts).map(({ type, attachType, target }) => [attachType ?? type, target].join(' ').trim()),
  helper: (facts) => programs(facts).flatMap(({ helpers }) => helpers.map((helper) => `bpf_${called(helper)}`)),
  'kernel function': (facts) => programs(facts).flatMap(({ kernelFunctions }) => kernelFunctions.map(called)),
  'kernel variable': (facts) => programs(facts).flatMap(({ kernelVariables }) => kernelVariables),
  field: (facts) => programs(facts).flatMap(({ fields }) => fields),
  'pinned map': ({ objects }) =>
    objects.flatMap(({ maps }) => maps.filter(({ pinned }) => pinned).map(({ name }) => name)),
  'unreadable object': ({ objects }) => objects.filter(({ readable }) => !readable).map(({ file }) => file),
};

function programs({ objects }: Facts): ObjectFacts['programs'] {
  return objects.flatMap((object) => object.programs);
}

function called({ name, behind = [] }: HelperFacts | KernelFunctionFacts): string {
  return behind.length === 0 ? name : `${name}, only with ${behind.join(' and ')}`;
}
