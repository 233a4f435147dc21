import type { BpfMap, BpfObject } from '../bpf-object.js';
import { programKind } from '../program-kind.js';
import type { CodeFunction } from './code-index.js';
import type { Conditions, FunctionUse } from './function-use.js';
import type { ObjectCode } from './walk-object.js';

/** BPF_FUNC_tail_call. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (___BPF_FUNC_MAPPER) */
const TAIL_CALL = 12;

/** BPF_MAP_TYPE_PROG_ARRAY. */
export const PROG_ARRAY = 3;

const NO_CONDITIONS: Conditions = new Map();

/** A function that a program reaches, and the conditions under which alone it does. */
export interface Reached {
  readonly code: CodeFunction;
  readonly use: FunctionUse;
  readonly conditions: Conditions;
}

/** What a program reaches, itself first. */
export interface Reach {
  readonly functions: readonly Reached[];
  /** Names of the programs that it can go on with by tail calls, in the object's order. */
  readonly tailCalls: readonly string[];
}

/**
 * What tail calls through each array of programs lead to: the programs that the object puts into it; where it puts in none, all
 * programs, of which the kernel lets only those of the caller's type run.
 */
export type ProgramArrays = ReadonlyMap<string, ReadonlySet<string> | 'any'>;

/** Takes a number of steps from what is left, and throws when nothing is. */
export type Spend = (steps: number) => void;

/** What each program of an object reaches through calls, callbacks and tail calls. */
export class ReachFinder {
  readonly #object: BpfObject;
  readonly #code: ObjectCode;
  readonly #arrays: ProgramArrays;
  readonly #spend: Spend;
  readonly #types: readonly string[];
  readonly #exceptionCallbacks: ReadonlyMap<string, number>;

  constructor(object: BpfObject, code: ObjectCode, arrays: ProgramArrays, spend: Spend) {
    this.#object = object;
    this.#code = code;
    this.#arrays = arrays;
    this.#spend = spend;
    this.#types = object.programs.map(({ section }) => programKind(section)?.type ?? 'unspec');
    this.#exceptionCallbacks = exceptionCallbacks(object);
  }

  /** The program with that place among the object's programs. */
  of(program: number): Reach {
    const start = this.#code.index.functions[program];
    if (start === undefined) throw new TypeError(`there is no program ${program}`);
    const held = new Map<number, Conditions>([[start.id, NO_CONDITIONS]]);
    const waiting = [start.id];
    const tailCalls = new Set<number>();
    // It ends: a function that is met again is gone through again only when fewer conditions hold for it.
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const code = this.#code.index.functions[id];
      const conditions = held.get(id);
      if (code === undefined || conditions === undefined) continue;
      const use = this.#code.use(code);
      const meet = (callee: number, more: Conditions) => {
        const reached = more.size === 0 ? conditions : new Map([...conditions, ...more]);
        const before = held.get(callee);
        const after = before === undefined ? reached : bothHold(before, reached);
        this.#spend(1 + reached.size);
        if (before !== undefined && after.size === before.size) return;
        held.set(callee, after);
        waiting.push(callee);
      };
      const callback = this.#exceptionCallbacks.get(code.program.name);
      if (callback !== undefined) meet(callback, NO_CONDITIONS);
      for (const call of use.calls) meet(call.callee, call.conditions);
      for (const helper of use.helpers) {
        if (helper.id !== TAIL_CALL) continue;
        for (const target of this.#tailTargets(start, use)) {
          tailCalls.add(target);
          meet(target, helper.conditions);
        }
      }
    }
    const functions = [...held.keys()]
      .sort((left, right) => left - right)
      .flatMap((id): Reached[] => {
        const code = this.#code.index.functions[id];
        const conditions = held.get(id) ?? NO_CONDITIONS;
        return code === undefined ? [] : [{ code, use: this.#code.use(code), conditions }];
      });
    const names = [...tailCalls].sort((left, right) => left - right);
    return {
      functions: [...functions.filter(({ code }) => code === start), ...functions.filter(({ code }) => code !== start)],
      tailCalls: names.flatMap((id) => this.#code.index.functions[id]?.program.name ?? []),
    };
  }

  /** A function that names no array may have been handed one: then it is taken to be any. */
  #tailTargets(start: CodeFunction, { maps }: FunctionUse): readonly number[] {
    const arrays = [...maps].flatMap((name) => this.#arrays.get(name) ?? []);
    const isAny = arrays.length === 0 || arrays.includes('any');
    this.#spend(this.#types.length * (1 + arrays.length));
    return this.#object.programs.flatMap(({ name }, id) => {
      const isThere = isAny || arrays.some((array) => array !== 'any' && array.has(name));
      return isThere && this.#types[id] === this.#types[start.id] ? [id] : [];
    });
  }
}

/** What holds on both ways. */
function bothHold(left: Conditions, right: Conditions): Conditions {
  return new Map([...left].filter(([key]) => right.has(key)));
}

const EXCEPTION_CALLBACK = 'exception_callback:';

/**
 * The functions that the kernel calls when a program throws, by what a tag on the program names.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_prog_assign_exc_cb)
 */
function exceptionCallbacks({ btf, programs, subprograms }: BpfObject): ReadonlyMap<string, number> {
  if (btf === undefined) return new Map();
  const ids = new Map(subprograms.map(({ name }, position) => [name, programs.length + position]));
  const tags = [...btf.ofKind('decl_tag')].filter(({ name }) => name.startsWith(EXCEPTION_CALLBACK));
  return new Map(
    tags.flatMap((tag): [string, number][] => {
      const id = ids.get(tag.name.slice(EXCEPTION_CALLBACK.length));
      return tag.kind === 'decl_tag' && id !== undefined ? [[btf.type(tag.typeId).name, id]] : [];
    }),
  );
}

/** Whether a map holds programs. */
export function isProgramArray({ type }: BpfMap): boolean {
  return type === PROG_ARRAY;
}
