import type { BpfObject } from '../bpf-object.js';
import type { ElfFile } from '../elf-file.js';
import { CODE_MAX_STEPS } from '../limits.js';
import { type CodeFunction, type CodeIndex, type CodeSection, indexCode } from './code-index.js';
import { collectUse } from './collect-use.js';
import { constantData } from './constant-data.js';
import type { FunctionUse } from './function-use.js';
import { walkFunction } from './function-walk.js';
import { KnownValues, NOTHING } from './known-values.js';
import { type Arguments, NO_ARGUMENTS } from './register-state.js';
import { fieldPlaces, TooMuchCode, type WalkScope } from './walk-scope.js';

/** The functions of an object, and what each of them does. */
export interface ObjectCode {
  readonly index: CodeIndex;
  use(code: CodeFunction): FunctionUse;
}

/**
 * Walks the programs of an object and the functions that they call, each with what all its callers agree on. Code that takes more
 * than `CODE_MAX_STEPS` is not walked: all its calls are found, and none is believed to stand behind anything.
 */
export function walkObject(elf: ElfFile, object: BpfObject): ObjectCode {
  const index = indexCode(elf, object);
  const values = new KnownValues();
  const fields = fieldPlaces(object);
  let left = CODE_MAX_STEPS;
  const scope: WalkScope = {
    index,
    values,
    data: constantData(object),
    isField: ({ section }: CodeSection, at) => fields.get(section.name)?.has(at) === true,
    spend(steps) {
      left -= steps;
      if (left < 0) throw new TooMuchCode();
    },
  };
  const walked = new Map<number, FunctionUse>();
  try {
    walkAll(scope, object.programs.length, walked);
  } catch (error) {
    if (!(error instanceof TooMuchCode)) throw error;
    walked.clear();
  }
  return {
    index,
    use(code) {
      const found = walked.get(code.id) ?? collectUse(scope, code, undefined).use;
      walked.set(code.id, found);
      return found;
    },
  };
}

/** Until nobody passes anything that is not yet known to be passed. */
function walkAll(scope: WalkScope, programCount: number, walked: Map<number, FunctionUse>): void {
  const { functions } = scope.index;
  const known = new Map<number, Arguments>();
  const waiting: number[] = [];
  for (let id = programCount - 1; id >= 0; id--) {
    known.set(id, [scope.values.context, NOTHING, NOTHING, NOTHING, NOTHING]);
    waiting.push(id);
  }
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const code = functions[id];
    if (code === undefined) continue;
    const paths = walkFunction(scope, code, known.get(id) ?? NO_ARGUMENTS);
    const { use, passed } = collectUse(scope, code, paths);
    walked.set(id, use);
    for (const [callee, lists] of passed) {
      const before = known.get(callee);
      const after = lists.reduce(
        (met, args) => meetArguments(scope.values, met, args),
        before ?? lists[0] ?? NO_ARGUMENTS,
      );
      if (before !== undefined && after.every((value, position) => value === before[position])) continue;
      known.set(callee, after);
      waiting.push(callee);
    }
  }
}

function meetArguments(values: KnownValues, left: Arguments, right: Arguments): Arguments {
  const met = (position: 0 | 1 | 2 | 3 | 4) => values.meet(left[position], right[position]);
  return [met(0), met(1), met(2), met(3), met(4)];
}
