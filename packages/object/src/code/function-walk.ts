/**
 * Walks a function along its jumps with what is known of its registers, and says what it does. Only what holds on every path is
 * believed. What no path reaches is taken for the worst that it can be, and so is everything when the code is not walked.
 */
import type { CodeFunction, CodeSection } from './code-index.js';
import { conversionsOf } from './format-text.js';
import type { FunctionUse, HelperCall, Returns } from './function-use.js';
import { instructionKind } from './instruction-kind.js';
import { CLASS, type Instructions, OPCODE } from './instructions.js';
import { NOTHING } from './known-values.js';
import { type Callee, calleeAt, loadedAt, type WalkScope } from './walk-scope.js';

/** What is known of each register, and behind them the conditions: plain arrays are copied faster than typed ones. */
type State = number[];

/** Registers, and behind them the conditions under which a place is reached: a bit each. */
const REGISTERS = 11;
const CONDITIONS = REGISTERS;
const FRAME = 10;

/** Conditions of a function that are kept: as many as a number has bits without its sign. */
const MAX_CONDITIONS = 31;

/** What a function knows when it starts: its arguments. */
export type Arguments = readonly [number, number, number, number, number];

/** Arguments of which nothing is known. */
export const NO_ARGUMENTS: Arguments = [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING];

/** What the walk of a function found, and what it hands to the functions that it calls. */
export interface Walked {
  readonly use: FunctionUse;
  readonly passed: ReadonlyMap<number, readonly Arguments[]>;
}

/** Helpers whose result is a place in the program's own memory: values of maps, records, dynptr's data of those. */
const OWN_RESULTS: ReadonlySet<number> = new Set([1, 81, 107, 131, 145, 156, 195, 210]);

/** Helpers that read kernel memory at the address in register 3. */
const KERNEL_READS: ReadonlySet<number> = new Set([4, 45, 113, 115]);

/** Helpers that print, with the register of their format and, where they are in registers, of their first value. */
const FORMATS: ReadonlyMap<number, { readonly format: number; readonly values?: number }> = new Map([
  [6, { format: 1, values: 3 }], // bpf_trace_printk
  [126, { format: 2 }], // bpf_seq_printf
  [165, { format: 3 }], // bpf_snprintf
  [177, { format: 1 }], // bpf_trace_vprintk
]);

/** What a function does. Without arguments it is not walked. */
export function walkFunction(scope: WalkScope, code: CodeFunction, args: Arguments | undefined): Walked {
  return new FunctionWalk(scope, code).run(args);
}

class FunctionWalk {
  readonly #scope: WalkScope;
  readonly #code: CodeFunction;
  readonly #section: CodeSection;
  readonly #instructions: Instructions;
  /** What is known before each instruction that a jump leads to or comes after a branch, once a path has come there. */
  readonly #states = new Map<number, State>();
  readonly #leaders = new Set<number>();
  readonly #waiting: number[] = [];
  readonly #conditions: { readonly key: string; readonly name: string }[] = [];
  /** What was known at calls, stores and exits when they were passed last: what is known there only becomes less. */
  readonly #before = new Map<number, State>();

  constructor(scope: WalkScope, code: CodeFunction) {
    this.#scope = scope;
    this.#code = code;
    this.#section = code.section;
    this.#instructions = code.section.instructions;
  }

  run(args: Arguments | undefined): Walked {
    if (args !== undefined) this.#walk(args);
    return this.#collect();
  }

  #walk(args: Arguments): void {
    const { start, end } = this.#code;
    const state: State = Array(REGISTERS + 1).fill(NOTHING);
    for (const [position, value] of args.entries()) state[position + 1] = value;
    state[FRAME] = this.#scope.values.own;
    this.#findLeaders();
    this.#states.set(start, state);
    this.#waiting.push(start);
    // It ends: each time that a place is met again, less is known there.
    for (let at = this.#waiting.pop(); at !== undefined; at = this.#waiting.pop()) {
      const known = this.#states.get(at)?.slice() ?? [];
      let next: number | undefined = at;
      let steps = 0;
      do {
        next = this.#step(next, known);
        steps++;
      } while (next !== undefined && next < end && !this.#leaders.has(next));
      this.#scope.spend(steps);
      if (next !== undefined) this.#meet(next, known);
    }
  }

  #findLeaders(): void {
    const { start, end } = this.#code;
    this.#scope.spend(end - start);
    this.#leaders.add(start);
    for (let at = start; at < end; at++) {
      const opcode = this.#instructions.opcode(at);
      const kind = instructionKind(opcode);
      if (kind === 'jump' || kind === 'branch') this.#leaders.add(this.#target(at, opcode));
      if (kind === 'branch') this.#leaders.add(at + 1);
      if (kind === 'load64') at++;
    }
  }

  #target(at: number, opcode: number): number {
    const isFar = opcode === OPCODE.alwaysFar;
    return at + 1 + (isFar ? this.#instructions.immediate(at) : this.#instructions.offset(at));
  }

  #meet(at: number, state: State, condition = 0): void {
    if (at < this.#code.start || at >= this.#code.end) return;
    const before = this.#states.get(at);
    const conditions = (state[CONDITIONS] ?? 0) | condition;
    if (before === undefined) {
      const first = state.slice();
      first[CONDITIONS] = conditions;
      this.#states.set(at, first);
      this.#waiting.push(at);
      return;
    }
    let changed = false;
    for (let register = 0; register < REGISTERS; register++) {
      const known = before[register] ?? NOTHING;
      const met = this.#scope.values.meet(known, state[register] ?? NOTHING);
      if (met !== known) changed = true;
      before[register] = met;
    }
    const both = (before[CONDITIONS] ?? 0) & conditions;
    if (both !== before[CONDITIONS]) changed = true;
    before[CONDITIONS] = both;
    if (changed) this.#waiting.push(at);
  }

  /** Passes an instruction; gives the next one, unless it has said itself where paths go on. */
  #step(at: number, state: State): number | undefined {
    const opcode = this.#instructions.opcode(at);
    const to = this.#instructions.destination(at);
    const from = this.#instructions.source(at);
    switch (instructionKind(opcode)) {
      case 'move':
        state[to] = this.#moved(at, opcode, state);
        return at + 1;
      case 'arithmetic':
        state[to] = this.#computed(at, opcode, state);
        return at + 1;
      case 'load':
        state[to] = this.#read(state[from] ?? NOTHING, at, opcode);
        return at + 1;
      case 'load64':
        state[to] = this.#loaded(at);
        return at + 2;
      case 'packet':
        state.fill(NOTHING, 0, 6);
        return at + 1;
      case 'store':
        this.#before.set(at, state.slice());
        return at + 1;
      case 'atomic':
        this.#before.set(at, state.slice());
        // It may fetch into its source, or into register 0.
        state[from] = NOTHING;
        state[0] = NOTHING;
        return at + 1;
      case 'call':
        this.#before.set(at, state.slice());
        state[0] = this.#result(at);
        state.fill(NOTHING, 1, 6);
        return at + 1;
      case 'jump':
        this.#meet(this.#target(at, opcode), state);
        return undefined;
      case 'branch':
        this.#branch(at, opcode, state);
        return undefined;
      case 'exit':
        this.#before.set(at, state.slice());
        return undefined;
      default:
        state.fill(NOTHING, 0, FRAME);
        return at + 1;
    }
  }

  #moved(at: number, opcode: number, state: State): number {
    const { values } = this.#scope;
    const from = state[this.#instructions.source(at)] ?? NOTHING;
    if ((opcode & 0x08) === 0) {
      return this.#isField(at) ? values.field : values.number(this.#instructions.immediate(at));
    }
    // A move with an offset extends a sign, or changes an address space.
    const isPlain = (opcode & 0x07) === CLASS.alu64 && this.#instructions.offset(at) === 0;
    if (isPlain || (values.at(from).kind === 'numbers' && this.#instructions.offset(at) === 0)) return from;
    return values.computed(from, `${opcode}:${this.#instructions.offset(at)}`);
  }

  #computed(at: number, opcode: number, state: State): number {
    const { values } = this.#scope;
    const left = state[this.#instructions.destination(at)] ?? NOTHING;
    const bySource = (opcode & 0x08) !== 0 && (opcode & 0xf0) !== 0xd0;
    const right = bySource
      ? (state[this.#instructions.source(at)] ?? NOTHING)
      : values.number(this.#instructions.immediate(at));
    if (opcode === 0x0f) return this.#sum(left, right) ?? this.#sum(right, left) ?? NOTHING;
    if (opcode === 0x07) return this.#isField(at) ? values.fieldPointer : (this.#sum(left, right) ?? NOTHING);
    const number = values.onlyNumber(right);
    return number === undefined ? NOTHING : values.computed(left, `${opcode}:${number}`);
  }

  /** Of a pointer, or a number, and what is added to it. */
  #sum(base: number, added: number): number | undefined {
    const { values } = this.#scope;
    const value = values.at(base);
    const number = values.onlyNumber(added);
    switch (value.kind) {
      case 'own':
      case 'context':
        return base;
      case 'data': {
        if (number === undefined) return values.own;
        const { kind, section, offsetBytes } = value;
        return values.of({ kind, section, offsetBytes: offsetBytes + number });
      }
      case 'field':
        return values.fieldPointer;
      case 'fieldPointer':
        return number === undefined ? undefined : base;
      case 'setting':
        return number === undefined ? undefined : values.computed(base, `7:${number}`);
      default:
        return undefined;
    }
  }

  #read(pointer: number, at: number, opcode: number): number {
    const { values, data } = this.#scope;
    const place = values.at(pointer);
    if (place.kind !== 'data') return NOTHING;
    const offsetBytes = place.offsetBytes + this.#instructions.offset(at);
    const variable = data.settingAt(place.section, offsetBytes);
    if (variable === undefined) return NOTHING;
    return values.of({ kind: 'setting', name: variable.name, form: `${opcode}@${place.section}:${offsetBytes}` });
  }

  #loaded(at: number): number {
    const { values } = this.#scope;
    if (this.#isField(at)) return values.field;
    const loaded = loadedAt(this.#scope, this.#section, at);
    switch (loaded.kind) {
      case 'map':
      case 'data':
        return values.of(loaded);
      case 'number':
        return loaded.value === undefined ? NOTHING : values.number(loaded.value);
      default:
        return NOTHING;
    }
  }

  #result(at: number): number {
    const { values } = this.#scope;
    const callee = this.#callee(at);
    if (callee.kind === 'function') return values.of({ kind: 'returned', functions: [callee.callee.id] });
    return callee.kind === 'helper' && OWN_RESULTS.has(callee.id) ? values.own : NOTHING;
  }

  #branch(at: number, opcode: number, state: State): void {
    const [taken, passed] = this.#branchConditions(at, opcode, state);
    this.#meet(this.#target(at, opcode), state, taken);
    this.#meet(at + 1, state, passed);
  }

  /** The bits of the two conditions, where a setting is compared with a number. */
  #branchConditions(at: number, opcode: number, state: State): readonly [number, number] {
    const { values } = this.#scope;
    const left = state[this.#instructions.destination(at)] ?? NOTHING;
    const bySource = (opcode & 0x08) !== 0;
    const right = bySource
      ? (state[this.#instructions.source(at)] ?? NOTHING)
      : values.number(this.#instructions.immediate(at));
    const [a, b] = [values.at(left), values.at(right)];
    const isLeft = a.kind === 'setting';
    const setting = isLeft ? a : b;
    const number = values.onlyNumber(isLeft ? right : left);
    if (setting.kind !== 'setting' || number === undefined || opcode === OPCODE.mayGoto) return [0, 0];
    const about = `${setting.form} ${isLeft ? 'l' : 'r'} ${opcode & 0x07} ${number}`;
    const operation = opcode >>> 4;
    const negated = NEGATED[operation] ?? -operation;
    const bit = (done: number) => this.#conditionBit(`${done} ${about} ${setting.name}`, setting.name);
    return [bit(operation), bit(negated)];
  }

  #conditionBit(key: string, name: string): number {
    const found = this.#conditions.findIndex((condition) => condition.key === key);
    if (found >= 0) return 1 << found;
    if (this.#conditions.length === MAX_CONDITIONS) return 0;
    return 1 << (this.#conditions.push({ key, name }) - 1);
  }

  #isField(at: number): boolean {
    return this.#scope.isField(this.#section, at);
  }

  #callee(at: number): Callee {
    return calleeAt(this.#scope, this.#section, at);
  }

  /** Goes through the instructions one by one: whether a path leads to one is not for us to believe. */
  #collect(): Walked {
    const found = new Collected();
    const { start, end } = this.#code;
    for (let at = start; at < end; at++) {
      const opcode = this.#instructions.opcode(at);
      const kind = instructionKind(opcode);
      if (kind === 'unknown') found.unknown.add(`instruction 0x${opcode.toString(16).padStart(2, '0')}`);
      else if (kind === 'call') this.#collectCall(found, at);
      else if (kind === 'store' || kind === 'atomic') this.#collectStore(found, at);
      else if (kind === 'exit') this.#collectExit(found, at);
      else if (kind === 'load64') this.#collectLoad(found, at++);
    }
    return { use: found, passed: found.passed };
  }

  #collectCall(found: Collected, at: number): void {
    const before = this.#before.get(at);
    const conditions = this.#conditionsIn(before);
    const callee = this.#callee(at);
    switch (callee.kind) {
      case 'helper':
        found.helpers.push(this.#helperCall(callee.id, before, conditions));
        return;
      case 'kernelFunction':
        found.kernelFunctions.push({ name: callee.name, conditions });
        return;
      case 'function':
        found.call(callee.callee.id, conditions, argumentsIn(before));
        return;
      default:
        found.unknown.add('call');
    }
  }

  #helperCall(id: number, before: State | undefined, conditions: HelperCall['conditions']): HelperCall {
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

  #collectStore(found: Collected, at: number): void {
    const pointer = this.#before.get(at)?.[this.#instructions.destination(at)] ?? NOTHING;
    const { kind } = this.#scope.values.at(pointer);
    if (kind === 'context') found.writesContext = true;
    else if (kind !== 'own' && kind !== 'data') {
      found.writesElsewhere = true;
      // Where a store was not walked it may be to the context.
      if (!this.#before.has(at)) found.writesContext = true;
    }
  }

  #collectExit(found: Collected, at: number): void {
    const value = this.#scope.values.at(this.#before.get(at)?.[0] ?? NOTHING);
    if (value.kind === 'numbers') for (const number of value.numbers) found.returned.numbers.add(number);
    else if (value.kind === 'returned') for (const id of value.functions) found.returned.functions.add(id);
    else found.returnsAnything = true;
  }

  #collectLoad(found: Collected, at: number): void {
    const loaded = loadedAt(this.#scope, this.#section, at);
    if (loaded.kind === 'map') found.maps.add(loaded.name);
    else if (loaded.kind === 'extern' && loaded.section === '.ksyms') found.kernelVariables.add(loaded.name);
    else if (loaded.kind === 'function') found.call(loaded.callee.id, this.#conditionsIn(undefined), NO_ARGUMENTS);
    else if (loaded.kind === 'unknown') found.unknown.add('reference');
  }

  #conditionsIn(state: State | undefined): HelperCall['conditions'] {
    const bits = state?.[CONDITIONS] ?? 0;
    if (bits === 0) return NO_CONDITIONS;
    const held = this.#conditions.filter((_, bit) => (bits & (1 << bit)) !== 0);
    return new Map(held.map(({ key, name }) => [key, name]));
  }
}

const NO_CONDITIONS: HelperCall['conditions'] = new Map();

/** The operation of a jump that is taken when another is not. @see https://www.rfc-editor.org/rfc/rfc9669#section-4.3 */
const NEGATED: Readonly<Record<number, number>> = {
  1: 5,
  5: 1,
  2: 11,
  11: 2,
  3: 10,
  10: 3,
  6: 13,
  13: 6,
  7: 12,
  12: 7,
};

function argumentsIn(state: State | undefined): Arguments {
  if (state === undefined) return NO_ARGUMENTS;
  const [, one = NOTHING, two = NOTHING, three = NOTHING, four = NOTHING, five = NOTHING] = state;
  return [one, two, three, four, five];
}

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

  call(callee: number, conditions: HelperCall['conditions'], args: Arguments): void {
    this.calls.push({ callee, conditions });
    const passed = this.passed.get(callee) ?? [];
    passed.push(args);
    this.passed.set(callee, passed);
  }
}
