import type { CodeFunction } from './code-index.js';
import { CLASS, type Instructions } from './instructions.js';
import { NOTHING } from './known-values.js';
import type { State } from './register-state.js';
import { calleeAt, loadedAt, type WalkScope } from './walk-scope.js';

/** Helpers whose result is a place in the program's own memory: values of maps, records, dynptr's data of those. */
const OWN_RESULTS: ReadonlySet<number> = new Set([1, 81, 107, 131, 145, 156, 195, 210]);

/** What instructions leave in their register, by what was known before them. */
export class InstructionValues {
  readonly #scope: WalkScope;
  readonly #section: CodeFunction['section'];
  readonly #instructions: Instructions;

  constructor(scope: WalkScope, { section }: CodeFunction) {
    this.#scope = scope;
    this.#section = section;
    this.#instructions = section.instructions;
  }

  /** Of a move. */
  moved(at: number, opcode: number, state: State): number {
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

  /** Of arithmetic. */
  computed(at: number, opcode: number, state: State): number {
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

  /** Of a load through a pointer. */
  read(at: number, opcode: number, state: State): number {
    const { values, data } = this.#scope;
    const place = values.at(state[this.#instructions.source(at)] ?? NOTHING);
    if (place.kind !== 'data') return NOTHING;
    const offsetBytes = place.offsetBytes + this.#instructions.offset(at);
    const variable = data.settingAt(place.section, offsetBytes);
    if (variable === undefined) return NOTHING;
    return values.of({ kind: 'setting', name: variable.name, form: `${opcode}@${place.section}:${offsetBytes}` });
  }

  /** Of a load of 64 bits. */
  loaded(at: number): number {
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

  /** Of a call. */
  result(at: number): number {
    const { values } = this.#scope;
    const callee = calleeAt(this.#scope, this.#section, at);
    if (callee.kind === 'function') return values.of({ kind: 'returned', functions: [callee.callee.id] });
    return callee.kind === 'helper' && OWN_RESULTS.has(callee.id) ? values.own : NOTHING;
  }

  #isField(at: number): boolean {
    return this.#scope.isField(this.#section, at);
  }
}
