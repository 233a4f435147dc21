import {
  EbpmError,
  type HelperFacts,
  type KernelFunctionFacts,
  type ParameterFacts,
  type ProgramFacts,
} from '@ebpm/formats';
import type { BpfObject, BpfProgram } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { Conditions, FunctionUse } from '../code/function-use.js';
import type { Reach, Reached } from '../code/reach.js';
import { helperId, helperName } from '../permissions/helper-table.js';
import { programKind } from '../program-kind.js';

/** What is known of the parts of an object before its programs are looked at. */
export interface FactScope {
  readonly object: BpfObject;
  /** The fields that a function of the object reads. */
  fieldsOf(program: BpfProgram): readonly string[];
  /** Id of the `func` of a function. */
  functionType(program: BpfProgram): number | undefined;
  /** What a function does itself, by its place among all functions. */
  useOf(functionId: number): FunctionUse | undefined;
  /** Takes a number of steps from what all programs of the object have together. @throws EBPM_OBJECT_UNSUPPORTED */
  spend(steps: number): void;
}

/** What a program does, with all that it reaches. */
export function programFacts(scope: FactScope, program: BpfProgram, reach: Reach): ProgramFacts {
  const { name, section } = program;
  const kind = programKind(section);
  const uses = reach.functions.map(({ use }) => use);
  scope.spend(sizeOf(scope, reach));
  const target = kind === undefined ? undefined : section.replace(/^\?/, '').slice(kind.prefix.length + 1);
  const returns = returnsOf(scope, reach);
  return {
    name,
    section,
    type: kind?.type ?? 'unspec',
    ...(kind?.attachType !== undefined && { attachType: kind.attachType }),
    ...(target !== undefined && target !== '' && { target }),
    sleepable: kind?.sleepable ?? false,
    autoload: !section.startsWith('?'),
    parameters: parametersOf(scope, program),
    helpers: helpersOf(reach.functions),
    kernelFunctions: kernelFunctionsOf(reach.functions),
    kernelVariables: sorted(uses.flatMap(({ kernelVariables }) => [...kernelVariables])),
    fields: sorted(reach.functions.flatMap(({ code }) => scope.fieldsOf(code.program))),
    maps: sorted(uses.flatMap(({ maps }) => [...maps])),
    tailCalls: [...reach.tailCalls],
    ...(returns !== undefined && { returns }),
    writesContext: uses.some(({ writesContext }) => writesContext),
    writesElsewhere: uses.some(({ writesElsewhere }) => writesElsewhere),
    unknown: sorted(uses.flatMap(({ unknown }) => [...unknown])),
  };
}

/** How much is put together for a program. */
function sizeOf(scope: FactScope, { functions }: Reach): number {
  return functions.reduce((sum, { code, use, conditions }) => {
    const calls = (use.helpers.length + use.kernelFunctions.length) * (1 + conditions.size);
    return sum + calls + use.maps.size + use.kernelVariables.size + scope.fieldsOf(code.program).length;
  }, 0);
}

interface Called {
  /** The conditions that every call so far stands behind, each with its global. */
  conditions: Conditions;
  untyped: boolean;
  text: boolean;
}

function helpersOf(functions: readonly Reached[]): HelperFacts[] {
  const called = new Map<string, Called>();
  for (const { use, conditions: outer } of functions) {
    for (const { id, conditions, untyped, text } of use.helpers) {
      note(called, helperName(id), both(outer, conditions), { untyped, text });
    }
  }
  return [...called]
    .sort(([left], [right]) => (helperId(left) ?? 0) - (helperId(right) ?? 0) || compare(left, right))
    .map(([name, { conditions, untyped, text }]) => ({
      name,
      ...behind(conditions),
      ...(untyped && { untyped }),
      ...(text && { text }),
    }));
}

function kernelFunctionsOf(functions: readonly Reached[]): KernelFunctionFacts[] {
  const called = new Map<string, Called>();
  for (const { use, conditions: outer } of functions) {
    for (const { name, conditions } of use.kernelFunctions) note(called, name, both(outer, conditions));
  }
  return [...called]
    .sort(([left], [right]) => compare(left, right))
    .map(([name, { conditions }]) => ({ name, ...behind(conditions) }));
}

function note(
  called: Map<string, Called>,
  name: string,
  conditions: Conditions,
  { untyped, text }: { readonly untyped: boolean; readonly text: boolean } = { untyped: false, text: false },
): void {
  const before = called.get(name);
  called.set(name, {
    conditions: before === undefined ? conditions : agreed(before.conditions, conditions),
    untyped: untyped || before?.untyped === true,
    text: text || before?.text === true,
  });
}

function both(outer: Conditions, inner: Conditions): Conditions {
  if (inner.size === 0) return outer;
  return outer.size === 0 ? inner : new Map([...outer, ...inner]);
}

function agreed(left: Conditions, right: Conditions): Conditions {
  return new Map([...left].filter(([key]) => right.has(key)));
}

function behind(conditions: Conditions): { behind?: string[] } {
  return conditions.size === 0 ? {} : { behind: sorted(conditions.values()) };
}

/**
 * The numbers that a program can return, its own and those of the programs that it goes on with; undefined where one of them, or what
 * a function that it calls returns, is not known.
 */
function returnsOf(scope: FactScope, { functions, tailCalls }: Reach): number[] | undefined {
  const [start] = functions;
  const ends = functions.filter(({ code }) => code === start?.code || tailCalls.includes(code.program.name));
  const numbers = new Set<number>();
  const waiting = ends.map(({ code }) => code.id);
  const seen = new Set(waiting);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const returns = scope.useOf(id)?.returns;
    if (returns === undefined) return undefined;
    for (const number of returns.numbers) numbers.add(number);
    for (const callee of returns.functions) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      waiting.push(callee);
    }
  }
  return numbers.size > MAX_RETURNS ? undefined : [...numbers].sort((left, right) => left - right);
}

/** Numbers that are listed: a verdict is one of a few. */
const MAX_RETURNS = 16;

/**
 * The parameters of a program's function. BPF_PROG and BPF_KPROBE put the author's own into a function `____NAME` that is inlined: where
 * a compiler has kept it in BTF, it is its parameters that count.
 */
function parametersOf({ object: { btf }, functionType }: FactScope, program: BpfProgram): ParameterFacts[] {
  const typeId = functionType(program);
  if (btf === undefined || typeId === undefined) return [];
  const func = btf.find(`____${program.name}`, 'func') ?? btf.type(typeId);
  const proto = func.kind === 'func' ? btf.type(func.typeId) : undefined;
  if (proto?.kind !== 'func_proto') return [];
  const params = func.name === program.name ? proto.params : proto.params.slice(1);
  return params.map(({ name, typeId: paramType }) => ({ name, type: typeText(btf, paramType) }));
}

/** C text of a type; of one that nobody could read only that it is one. */
function typeText(btf: Btf, typeId: number): string {
  try {
    return btf.nameOf(typeId);
  } catch (error) {
    if (error instanceof EbpmError) return '...';
    throw error;
  }
}

/** Without repeats, by code units: the same everywhere. */
export function sorted(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compare);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
