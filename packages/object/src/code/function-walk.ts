/**
 * Walks a function along its jumps with what is known of its registers. Only what holds on every path is believed.
 */
import type { CodeFunction } from './code-index.js';
import type { Conditions } from './function-use.js';
import { instructionKind } from './instruction-kind.js';
import { InstructionValues } from './instruction-values.js';
import { type Instructions, OPCODE } from './instructions.js';
import { JumpConditions } from './jump-conditions.js';
import { NOTHING } from './known-values.js';
import { type Arguments, CONDITIONS, FRAME, REGISTERS, type State } from './register-state.js';
import type { WalkScope } from './walk-scope.js';

/** What is known on all paths through a function. */
export interface WalkedPaths {
  /** What is known before calls, stores and exits, by their instruction; nothing of what no path reaches. */
  readonly before: ReadonlyMap<number, State>;
  /** The conditions under which a place is reached. */
  conditionsIn(state: State): Conditions;
}

/** Walks a function that is called with these arguments. */
export function walkFunction(scope: WalkScope, code: CodeFunction, args: Arguments): WalkedPaths {
  return new FunctionWalk(scope, code).run(args);
}

class FunctionWalk {
  readonly #scope: WalkScope;
  readonly #code: CodeFunction;
  readonly #instructions: Instructions;
  readonly #values: InstructionValues;
  /** What is known before each instruction that a jump leads to or comes after a branch, once a path has come there. */
  readonly #states = new Map<number, State>();
  /** 1 for those instructions, counted from the function's first. */
  readonly #leaders: Uint8Array;
  readonly #waiting: number[] = [];
  readonly #conditions = new JumpConditions();
  /** What was known at calls, stores and exits when they were passed last: what is known there only becomes less. */
  readonly #before = new Map<number, State>();

  constructor(scope: WalkScope, code: CodeFunction) {
    this.#scope = scope;
    this.#code = code;
    this.#instructions = code.section.instructions;
    this.#values = new InstructionValues(scope, code);
    this.#leaders = new Uint8Array(code.end - code.start);
  }

  run(args: Arguments): WalkedPaths {
    const { start } = this.#code;
    const state: State = Array(REGISTERS + 1).fill(NOTHING);
    for (const [position, value] of args.entries()) state[position + 1] = value;
    state[FRAME] = this.#scope.values.own;
    this.#findLeaders();
    this.#states.set(start, state);
    this.#waiting.push(start);
    // It ends: each time that a place is met again, less is known there.
    for (let at = this.#waiting.pop(); at !== undefined; at = this.#waiting.pop()) this.#walkBlock(at);
    return {
      before: this.#before,
      conditionsIn: (known) => this.#conditions.named(known[CONDITIONS] ?? 0),
    };
  }

  #walkBlock(leader: number): void {
    const known = this.#states.get(leader)?.slice() ?? [];
    let next: number | undefined = leader;
    let steps = 0;
    do {
      next = this.#step(next, known);
      steps++;
    } while (next !== undefined && this.#leaders[next - this.#code.start] === 0);
    this.#scope.spend(steps);
    if (next !== undefined) this.#meet(next, known);
  }

  #findLeaders(): void {
    const { start, end } = this.#code;
    this.#scope.spend(end - start);
    this.#leaders[0] = 1;
    for (let at = start; at < end; at++) {
      const opcode = this.#instructions.opcode(at);
      const kind = instructionKind(opcode);
      if (kind === 'jump' || kind === 'branch') this.#leaders[this.#instructions.jumpTarget(at) - start] = 1;
      if (kind === 'branch') this.#leaders[at + 1 - start] = 1;
      if (kind === 'load64') at++;
    }
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
        state[to] = this.#values.moved(at, opcode, state);
        return at + 1;
      case 'arithmetic':
        state[to] = this.#values.computed(at, opcode, state);
        return at + 1;
      case 'load':
        state[to] = this.#values.read(at, opcode, state);
        return at + 1;
      case 'load64':
        state[to] = this.#values.loaded(at);
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
        state[0] = this.#values.result(at);
        state.fill(NOTHING, 1, 6);
        return at + 1;
      case 'jump':
        this.#meet(this.#instructions.jumpTarget(at), state);
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

  #branch(at: number, opcode: number, state: State): void {
    const [taken, passed] = this.#branchConditions(at, opcode, state);
    this.#meet(this.#instructions.jumpTarget(at), state, taken);
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
    return this.#conditions.bits(opcode >>> 4, about, setting.name);
  }
}
