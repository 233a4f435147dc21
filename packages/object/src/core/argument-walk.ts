import type { CodeFunction } from '../code/code-index.js';
import { instructionKind } from '../code/instruction-kind.js';
import type { Instructions } from '../code/instructions.js';

/** What a walk looks things up in, and whom it tells. */
export interface ArgumentScope {
  /** The argument that stands at a place in the context; -1 for none. */
  argumentAt(offsetBytes: number): number;
  /** The type whose field an instruction is about. */
  fieldAt(instruction: number): number | undefined;
  used(argument: number, typeId: number): void;
  /** Takes a step from what is left. @throws TooMuchCode */
  spend(): void;
}

/** What a register holds: a place in the context, an argument, the offset of a field of a type; or undefined for anything else. */
type Held = { readonly kind: 'context' | 'argument' | 'field'; readonly number: number } | undefined;

interface State {
  readonly registers: Held[];
  /** By place on the stack. */
  readonly stack: Map<number, Held>;
}

/** Follows the arguments of a program through its own instructions, as far as all paths agree on what a register holds. */
export class ArgumentWalk {
  readonly #code: CodeFunction;
  readonly #instructions: Instructions;
  readonly #scope: ArgumentScope;
  readonly #states = new Map<number, State>();
  readonly #waiting: number[] = [];

  constructor(code: CodeFunction, scope: ArgumentScope) {
    this.#code = code;
    this.#instructions = code.section.instructions;
    this.#scope = scope;
  }

  run(): void {
    const registers: Held[] = Array(11).fill(undefined);
    registers[1] = { kind: 'context', number: 0 };
    this.#meet(this.#code.start, { registers, stack: new Map() });
    for (let at = this.#waiting.pop(); at !== undefined; at = this.#waiting.pop()) {
      const known = this.#states.get(at);
      if (known !== undefined) this.#step(at, { registers: [...known.registers], stack: new Map(known.stack) });
    }
  }

  #meet(at: number, state: State): void {
    if (at < this.#code.start || at >= this.#code.end) return;
    const before = this.#states.get(at);
    if (before === undefined) {
      this.#states.set(at, { registers: [...state.registers], stack: new Map(state.stack) });
      this.#waiting.push(at);
      return;
    }
    let changed = false;
    before.registers.forEach((held, register) => {
      if (held === undefined || isSame(held, state.registers[register])) return;
      before.registers[register] = undefined;
      changed = true;
    });
    for (const [place, held] of [...before.stack]) {
      if (isSame(held, state.stack.get(place))) continue;
      before.stack.delete(place);
      changed = true;
    }
    if (changed) this.#waiting.push(at);
  }

  #step(at: number, state: State): void {
    this.#scope.spend();
    const { registers } = state;
    const opcode = this.#instructions.opcode(at);
    const to = this.#instructions.destination(at);
    const kind = instructionKind(opcode);
    if (kind === 'exit') return;
    if (kind === 'jump' || kind === 'branch') {
      this.#meet(this.#instructions.jumpTarget(at), state);
      if (kind === 'branch') this.#meet(at + 1, state);
      return;
    }
    if (kind === 'move' || kind === 'arithmetic') registers[to] = this.#computed(at, opcode, registers);
    else if (kind === 'load') registers[to] = this.#loaded(at, opcode, state);
    else if (kind === 'load64') registers[to] = this.#field(at);
    else if (kind === 'store' || kind === 'atomic') this.#store(at, opcode, state);
    else registers.fill(undefined, 0, 6);
    this.#meet(at + (kind === 'load64' ? 2 : 1), state);
  }

  #computed(at: number, opcode: number, registers: readonly Held[]): Held {
    const left = registers[this.#instructions.destination(at)];
    const right = registers[this.#instructions.source(at)];
    switch (opcode) {
      case MOVE.register:
        return this.#instructions.offset(at) === 0 ? right : undefined;
      case MOVE.number:
      case MOVE.number32:
        return this.#field(at);
      case ADD.register:
        this.#note(left, right);
        this.#note(right, left);
        return undefined;
      case ADD.number:
        this.#note(left, this.#field(at));
        if (left?.kind !== 'context') return undefined;
        return { kind: 'context', number: left.number + this.#instructions.immediate(at) };
      default:
        return undefined;
    }
  }

  #loaded(at: number, opcode: number, { registers, stack }: State): Held {
    const from = this.#instructions.source(at);
    const offset = this.#instructions.offset(at);
    this.#note(registers[from], this.#field(at));
    if (opcode !== LOAD64) return undefined;
    if (from === FRAME) return stack.get(offset);
    const held = registers[from];
    const argument = held?.kind === 'context' ? this.#scope.argumentAt(held.number + offset) : -1;
    return argument < 0 ? undefined : { kind: 'argument', number: argument };
  }

  #store(at: number, opcode: number, { registers, stack }: State): void {
    const to = this.#instructions.destination(at);
    const offset = this.#instructions.offset(at);
    this.#note(registers[to], this.#field(at));
    if (to !== FRAME) return;
    for (const place of [...stack.keys()]) if (Math.abs(place - offset) < 8) stack.delete(place);
    if (opcode === STORE64) stack.set(offset, registers[this.#instructions.source(at)]);
  }

  #field(at: number): Held {
    const typeId = this.#scope.fieldAt(at);
    return typeId === undefined ? undefined : { kind: 'field', number: typeId };
  }

  #note(base: Held, field: Held): void {
    if (base?.kind === 'argument' && field?.kind === 'field') this.#scope.used(base.number, field.number);
  }
}

/** Opcodes of 64-bit moves and sums; a 32-bit move of a number holds a number, too. @see https://www.rfc-editor.org/rfc/rfc9669#section-4.1 */
const MOVE = { number: 0xb7, register: 0xbf, number32: 0xb4 } as const;
const ADD = { number: 0x07, register: 0x0f } as const;
const LOAD64 = 0x79;
const STORE64 = 0x7b;
const FRAME = 10;

function isSame(left: Held, right: Held): boolean {
  return left?.kind === right?.kind && left?.number === right?.number;
}
