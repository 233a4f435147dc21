import type { CodeFunction, CodeSection } from './code-index.js';
import { conversionsOf } from './format-text.js';
import type { Conditions, FunctionUse, HelperCall, Returns } from './function-use.js';
import type { WalkedPaths } from './function-walk.js';
import { instructionKind } from './instruction-kind.js';
import type { Instructions } from './instructions.js';
import { NOTHING } from './known-values.js';
import { type Arguments, argumentsIn, NO_ARGUMENTS, type State } from './register-state.js';
import { calleeAt, loadedAt, type WalkScope } from './walk-scope.js';

/** What a function does, and what it hands to the functions that it calls. */
export interface CollectedUse {
  readonly use: FunctionUse;
  readonly passed: ReadonlyMap<number, readonly Arguments[]>;
}

/** Helpers that read kernel memory at the address in register 3. */
const KERNEL_READS: ReadonlySet<number> = new Set([4, 45, 113, 115]);

/** Helpers that print, with the register of their format and, where they are in registers, of their first value. */
const FORMATS: ReadonlyMap<number, { readonly format: number; readonly values?: number }> = new Map([
  [6, { format: 1, values: 3 }], // bpf_trace_printk
  [126, { format: 2 }], // bpf_seq_printf
  [165, { format: 3 }], // bpf_snprintf
  [177, { format: 1 }], // bpf_trace_vprintk
]);

/** What a function does, by its instructions and by what is known at them. Without paths everything is taken for the worst. */
export function collectUse(scope: WalkScope, code: CodeFunction, paths: WalkedPaths | undefined): CollectedUse {
  return new UseCollector(scope, code, paths).run();
}

class UseCollector {
  readonly #scope: WalkScope;
  readonly #code: CodeFunction;
  readonly #section: CodeSection;
  readonly #instructions: Instructions;
  readonly #paths: WalkedPaths | undefined;
  readonly #found = new Collected();

  constructor(scope: WalkScope, code: CodeFunction, paths: WalkedPaths | undefined) {
    this.#scope = scope;
    this.#code = code;
    this.#section = code.section;
    this.#instructions = code.section.instructions;
    this.#paths = paths;
  }

  /** Goes through the instructions one by one: whether a path leads to one is not for us to believe. */
  run(): CollectedUse {
    const found = this.#found;
    const { start, end } = this.#code;
    for (let at = start; at < end; at++) {
      const opcode = this.#instructions.opcode(at);
      const kind = instructionKind(opcode);
      if (kind === 'unknown') found.unknown.add(`instruction 0x${opcode.toString(16).padStart(2, '0')}`);
      else if (kind === 'call') this.#call(at);
      else if (kind === 'store' || kind === 'atomic') this.#store(at);
      else if (kind === 'exit') this.#exit(at);
      else if (kind === 'load64') this.#load(at++);
    }
    return { use: found, passed: found.passed };
  }

  #call(at: number): void {
    const before = this.#paths?.before.get(at);
    const conditions = this.#conditionsIn(before);
    const callee = calleeAt(this.#scope, this.#section, at);
    switch (callee.kind) {
      case 'helper':
        this.#found.helpers.push(this.#helperCall(callee.id, before, conditions));
        return;
      case 'kernelFunction':
        this.#found.kernelFunctions.push({ name: callee.name, conditions });
        return;
      case 'function':
        this.#found.call(callee.callee.id, conditions, argumentsIn(before));
        return;
      default:
        this.#found.unknown.add('call');
    }
  }

  #helperCall(id: number, before: State | undefined, conditions: Conditions): HelperCall {
    const pointer = this.#scope.values.at(before?.[3] ?? NOTHING).kind;
    const isTyped = pointer === 'fieldPointer' || pointer === 'context' || pointer === 'own' || pointer === 'data';
    return { id, conditions, untyped: KERNEL_READS.has(id) && !isTyped, text: this.#printsText(id, before) };
  }

  #printsText(id: number, before: State | undefined): boolean {
    const place = FORMATS.get(id);
    if (place === undefined) return false;
    const { values, data } = this.#scope;
    const format = values.at(before?.[place.format] ?? NOTHING);
    const text = format.kind === 'data' ? data.textAt(format.section, format.offsetBytes) : undefined;
    if (text === undefined) return true;
    return conversionsOf(text).some((isText, position) => {
      const register = place.values === undefined ? undefined : place.values + position;
      const value = register === undefined ? undefined : values.at(before?.[register] ?? NOTHING).kind;
      return isText && value !== 'own' && value !== 'data';
    });
  }

  #store(at: number): void {
    const pointer = this.#paths?.before.get(at)?.[this.#instructions.destination(at)] ?? NOTHING;
    const { kind } = this.#scope.values.at(pointer);
    if (kind === 'context') this.#found.writesContext = true;
    else if (kind !== 'own' && kind !== 'data') {
      this.#found.writesElsewhere = true;
      // Where a store was not walked it may be to the context.
      if (this.#paths?.before.has(at) !== true) this.#found.writesContext = true;
    }
  }

  #exit(at: number): void {
    const value = this.#scope.values.at(this.#paths?.before.get(at)?.[0] ?? NOTHING);
    if (value.kind === 'numbers') for (const number of value.numbers) this.#found.returned.numbers.add(number);
    else if (value.kind === 'returned') for (const id of value.functions) this.#found.returned.functions.add(id);
    else this.#found.returnsAnything = true;
  }

  #load(at: number): void {
    const loaded = loadedAt(this.#scope, this.#section, at);
    if (loaded.kind === 'map') this.#found.maps.add(loaded.name);
    else if (loaded.kind === 'extern' && loaded.section === '.ksyms') this.#found.kernelVariables.add(loaded.name);
    else if (loaded.kind === 'function')
      this.#found.call(loaded.callee.id, this.#conditionsIn(undefined), NO_ARGUMENTS);
    else if (loaded.kind === 'unknown') this.#found.unknown.add('reference');
  }

  #conditionsIn(state: State | undefined): Conditions {
    return state === undefined || this.#paths === undefined ? NO_CONDITIONS : this.#paths.conditionsIn(state);
  }
}

const NO_CONDITIONS: Conditions = new Map();

/** What is being found in a function. */
class Collected implements FunctionUse {
  readonly helpers: HelperCall[] = [];
  readonly kernelFunctions: FunctionUse['kernelFunctions'][number][] = [];
  readonly calls: FunctionUse['calls'][number][] = [];
  readonly maps = new Set<string>();
  readonly kernelVariables = new Set<string>();
  readonly unknown = new Set<string>();
  readonly returned = { numbers: new Set<number>(), functions: new Set<number>() };
  returnsAnything = false;
  writesContext = false;
  writesElsewhere = false;
  readonly passed = new Map<number, Arguments[]>();

  get returns(): Returns | undefined {
    return this.returnsAnything ? undefined : this.returned;
  }

  call(callee: number, conditions: Conditions, args: Arguments): void {
    this.calls.push({ callee, conditions });
    const passed = this.passed.get(callee) ?? [];
    passed.push(args);
    this.passed.set(callee, passed);
  }
}
