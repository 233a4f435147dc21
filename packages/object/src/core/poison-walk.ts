import type { CodeFunction, CodeIndex, CodeSection } from '../code/code-index.js';
import { instructionKind } from '../code/instruction-kind.js';
import { CLASS, OPCODE } from '../code/instructions.js';
import { type Callee, calleeAt, loadedAt } from '../code/walk-scope.js';
import { CORE_WALK_MAX_STATES } from '../limits.js';
import { computed, isSame, isTaken, type Known } from './known-number.js';
import { type Caller, CERTAIN, type Evidence, FRAME, WalkState } from './walk-state.js';

/** What a walk looks things up in. */
export interface PoisonScope {
  readonly index: CodeIndex;
  /** What libbpf put into an instruction; `poison` where no kernel takes what it put there. */
  relocated(section: number, instruction: number): bigint | 'poison' | undefined;
  /** What stands in a data section that nobody can write to, as an unsigned number. */
  constantAt(section: number, offset: bigint, sizeBytes: number): bigint | undefined;
  /** A setting of the kernel's configuration, as an unsigned number; undefined for one that is not known. */
  setting(name: string): bigint | undefined;
  /** Whether the verifier looks at a function by itself, whatever it is given. */
  isGlobal(code: CodeFunction): boolean;
  /** Takes a step from what is left. @throws TooMuchCode */
  spend(steps: number): void;
  /** Whether the kernel has a symbol; undefined where that is not known. */
  hasSymbol(name: string): boolean | undefined;
  /** The walk came to an instruction that no kernel takes. */
  reached(section: number, instruction: number, evidence: Evidence): void;
  /** The walk came to a call. */
  called(callee: Callee, evidence: Evidence): void;
  /** The walk came to a load from a known place of the program's context. */
  readContext(offsetBytes: number, sizeBytes: number, evidence: Evidence): void;
}

/**
 * Walks a program as the verifier does: along every path that what is known of registers, the stack and constant data leaves open. It knows less
 * than the verifier (no ranges), so that what it does not come to, the verifier does not come to either.
 */
export class PoisonWalk {
  readonly #scope: PoisonScope;
  /** What was known at the targets of jumps, by function and instruction. */
  readonly #seen = new Map<string, WalkState[]>();
  readonly #targets = new Map<number, ReadonlySet<number>>();
  readonly #callers = new Map<string, Caller[]>();
  /** Functions that are looked at by themselves. */
  readonly #started = new Set<number>();
  readonly #waiting: Place[] = [];

  constructor(scope: PoisonScope) {
    this.#scope = scope;
  }

  run(program: CodeFunction): void {
    this.#start(program, CERTAIN, CONTEXT);
    for (let place = this.#waiting.pop(); place !== undefined; place = this.#waiting.pop()) this.#follow(place);
  }

  /** A function whose arguments are not known. */
  #start(code: CodeFunction, evidence: Evidence, ...args: readonly Known[]): void {
    if (this.#started.has(code.id)) return;
    this.#started.add(code.id);
    this.#waiting.push({ code, at: code.start, state: WalkState.start(args, undefined, evidence) });
  }

  #follow({ code, at: from, state }: Place): void {
    let at: number | undefined = from;
    let steps = 0;
    // A jump may lead anywhere.
    while (at !== undefined && at >= code.start && at < code.end) {
      if (this.#targetsIn(code).has(at) && this.#isSeen(code, at, state)) break;
      at = this.#step(code, at, state);
      steps++;
    }
    this.#scope.spend(1 + steps);
  }

  /** Whether all that is known here has led on from here before. After many visits what they differ in is forgotten. */
  #isSeen(code: CodeFunction, at: number, state: WalkState): boolean {
    const key = `${code.id}:${at}`;
    const states = this.#seen.get(key) ?? [];
    this.#scope.spend(states.length);
    if (states.some((seen) => seen.covers(state))) return true;
    const others = states.filter(({ caller }) => caller === state.caller);
    if (others.length >= CORE_WALK_MAX_STATES) for (const other of others) state.meet(other);
    states.push(state.copy());
    this.#seen.set(key, states);
    return false;
  }

  /** Passes an instruction; gives the next one, unless the path ends here. */
  #step(code: CodeFunction, at: number, state: WalkState): number | undefined {
    const { instructions, section } = code.section;
    const relocated = this.#scope.relocated(section.index, at);
    if (relocated === 'poison') {
      this.#scope.reached(section.index, at, state.evidence);
      return undefined;
    }
    const opcode = instructions.opcode(at);
    const to = instructions.destination(at);
    const { registers } = state;
    switch (instructionKind(opcode)) {
      case 'move':
      case 'arithmetic':
        registers[to] = this.#arithmetic(code.section, at, state, relocated);
        return at + 1;
      case 'load64':
        registers[to] = relocated ?? this.#loaded(code, at, state);
        return at + 2;
      case 'load':
        registers[to] = this.#read(code.section, at, state, relocated);
        return at + 1;
      case 'store':
      case 'atomic':
        this.#store(code.section, at, state);
        return at + 1;
      case 'jump':
        return instructions.jumpTarget(at);
      case 'branch':
        return this.#branch(code, at, state);
      case 'call':
        return this.#call(code, at, state);
      case 'exit':
        return this.#exit(state);
      default:
        registers.fill(undefined, 0, FRAME);
        return at + 1;
    }
  }

  #arithmetic(
    { instructions }: CodeSection,
    at: number,
    { registers }: WalkState,
    relocated: bigint | undefined,
  ): Known {
    const opcode = instructions.opcode(at);
    const left = registers[instructions.destination(at)];
    const right = this.#operand(instructions, at, registers, relocated);
    // Signed divisions and moves that extend a sign have something in the offset.
    return opcode >>> 4 === BYTE_SWAP || instructions.offset(at) !== 0 ? undefined : computed(opcode, left, right);
  }

  #operand(
    instructions: CodeSection['instructions'],
    at: number,
    registers: readonly Known[],
    relocated?: bigint,
  ): Known {
    if ((instructions.opcode(at) & BY_REGISTER) !== 0) return registers[instructions.source(at)];
    const immediate = relocated === undefined ? BigInt(instructions.immediate(at)) : BigInt.asIntN(32, relocated);
    return BigInt.asUintN(64, immediate);
  }

  #loaded(code: CodeFunction, at: number, state: WalkState): Known {
    const loaded = loadedAt(this.#scope, code.section, at);
    if (loaded.kind === 'data') return { kind: 'data', section: loaded.section, offset: BigInt(loaded.offsetBytes) };
    if (loaded.kind === 'extern' && loaded.section === '.kconfig') return { kind: 'settingPlace', name: loaded.name };
    if (loaded.kind === 'extern') {
      // libbpf puts the symbol's address there, or 0 where the kernel does not have it.
      const isThere = this.#scope.hasSymbol(loaded.name);
      return isThere === undefined ? undefined : isThere ? SOME_ADDRESS : 0n;
    }
    // A function that the kernel is given to call.
    if (loaded.kind === 'function') this.#start(loaded.callee, state.evidence);
    const { instructions } = code.section;
    return loaded.kind === 'number' && at + 1 < instructions.count ? instructions.immediate64(at) : undefined;
  }

  #read(
    { instructions }: CodeSection,
    at: number,
    { registers, stack, evidence }: WalkState,
    relocated: bigint | undefined,
  ): Known {
    const place = registers[instructions.source(at)];
    const opcode = instructions.opcode(at);
    if (typeof place === 'object' && place.kind === 'context') {
      const offset = Number(place.offset) + (relocated === undefined ? instructions.offset(at) : Number(relocated));
      this.#scope.readContext(offset, instructions.accessBytes(at), evidence);
      return undefined;
    }
    if (typeof place !== 'object' || place.kind === 'setting' || opcode >>> 5 !== PLAIN_MEMORY) return undefined;
    if (place.kind === 'settingPlace') return this.#scope.setting(place.name) ?? { kind: 'setting', name: place.name };
    if (place.offset === undefined) return undefined;
    const offset = place.offset + BigInt(instructions.offset(at));
    const size = instructions.accessBytes(at);
    if (place.kind === 'data') return this.#scope.constantAt(place.section, offset, size);
    return size === 8 ? stack.get(Number(offset)) : undefined;
  }

  #store({ instructions }: CodeSection, at: number, state: WalkState): void {
    const opcode = instructions.opcode(at);
    const place = state.registers[instructions.destination(at)];
    const isAtomic = instructionKind(opcode) === 'atomic';
    if (typeof place === 'object' && place.kind === 'stack') {
      const offset = place.offset === undefined ? undefined : Number(place.offset) + instructions.offset(at);
      const isNumber = (opcode & 0x07) === CLASS.st;
      const value = isNumber
        ? BigInt.asUintN(64, BigInt(instructions.immediate(at)))
        : state.registers[instructions.source(at)];
      state.store(offset, instructions.accessBytes(at), isAtomic ? undefined : value);
    }
    if (!isAtomic) return;
    // It may fetch into its source, or into register 0.
    state.registers[instructions.source(at)] = undefined;
    state.registers[0] = undefined;
  }

  #branch(code: CodeFunction, at: number, state: WalkState): number | undefined {
    const { instructions } = code.section;
    const opcode = instructions.opcode(at);
    const register = instructions.destination(at);
    const right = this.#operand(instructions, at, state.registers);
    const taken = opcode === OPCODE.mayGoto ? undefined : isTaken(opcode, state.registers[register], right);
    if (taken !== undefined) return taken ? instructions.jumpTarget(at) : at + 1;
    state.open(settingIn(state.registers[register]) ?? settingIn(right));
    const other = state.copy();
    // On one side of a comparison for equality, it is known that they are equal.
    if (opcode === EQUAL && isUnknown(state.registers[register])) other.registers[register] = right;
    if (opcode === NOT_EQUAL && isUnknown(state.registers[register])) state.registers[register] = right;
    this.#waiting.push({ code, at: instructions.jumpTarget(at), state: other });
    return at + 1;
  }

  #call(code: CodeFunction, at: number, state: WalkState): number | undefined {
    const { registers, stack, evidence } = state;
    const callee = calleeAt(this.#scope, code.section, at);
    this.#scope.called(callee, evidence);
    const args = registers.slice(1, 6);
    // What is handed a pointer into the stack may write there.
    if (args.some((value) => typeof value === 'object' && value.kind === 'stack')) stack.clear();
    registers.fill(undefined, 0, 6);
    if (callee.kind !== 'function') return at + 1;
    if (this.#scope.isGlobal(callee.callee)) {
      this.#start(callee.callee, evidence);
      return at + 1;
    }
    if (depthOf(state.caller) >= MAX_FRAMES) return undefined;
    const caller = this.#caller(code, at, state);
    const given = args.map((value) => (typeof value === 'object' && value.kind === 'stack' ? undefined : value));
    const start = WalkState.start(given, caller, evidence);
    this.#waiting.push({ code: callee.callee, at: callee.callee.start, state: start });
    return undefined;
  }

  /** The same object for the same function that waits with the same knowledge. */
  #caller(code: CodeFunction, at: number, { registers, stack, caller }: WalkState): Caller {
    const made: Caller = { code, registers: registers.slice(), stack: new Map(stack), next: at + 1, caller };
    const key = `${code.id}:${at}`;
    const known = this.#callers.get(key) ?? [];
    this.#scope.spend(known.length);
    const found = known.find((one) => isSameCaller(one, made));
    if (found !== undefined) return found;
    known.push(made);
    this.#callers.set(key, known);
    return made;
  }

  #exit({ caller, registers, evidence }: WalkState): undefined {
    if (caller === undefined) return;
    const back = new WalkState(caller.registers, caller.stack, { caller: caller.caller, evidence });
    const result = registers[0];
    back.registers[0] = typeof result === 'object' && result.kind === 'stack' ? undefined : result;
    this.#waiting.push({ code: caller.code, at: caller.next, state: back });
  }

  #targetsIn(code: CodeFunction): ReadonlySet<number> {
    const known = this.#targets.get(code.id);
    if (known !== undefined) return known;
    const { instructions } = code.section;
    const targets = new Set([code.start]);
    for (let at = code.start; at < code.end; at++) {
      const kind = instructionKind(instructions.opcode(at));
      if (kind === 'jump' || kind === 'branch') targets.add(instructions.jumpTarget(at));
      if (kind === 'load64') at++;
    }
    this.#scope.spend(code.end - code.start);
    this.#targets.set(code.id, targets);
    return targets;
  }
}

interface Place {
  readonly code: CodeFunction;
  readonly at: number;
  readonly state: WalkState;
}

/** The bit of an opcode that says that its operand is a register. */
const BY_REGISTER = 0x08;

/** The context that a program is given in its first register. */
const CONTEXT: Known = { kind: 'context', offset: 0n };

/** Where some symbol of the kernel is: what counts is that it is not 0. */
const SOME_ADDRESS = 0xffff_ffff_8000_0000n;

const BYTE_SWAP = 0xd;
const PLAIN_MEMORY = 3;

/** 64-bit comparisons, with a number and with a register, for being equal or not. */
const EQUAL = 0x15;
const NOT_EQUAL = 0x55;

/** Functions that may wait for one another. @see https://github.com/torvalds/linux/blob/v6.12/include/linux/bpf_verifier.h (MAX_CALL_FRAMES) */
const MAX_FRAMES = 8;

function settingIn(value: Known): string | undefined {
  return typeof value === 'object' && value.kind === 'setting' ? value.name : undefined;
}

function isUnknown(value: Known): boolean {
  return value === undefined;
}

function depthOf(caller: Caller | undefined): number {
  let depth = 1;
  for (let at = caller; at !== undefined; at = at.caller) depth++;
  return depth;
}

function isSameCaller(left: Caller, right: Caller): boolean {
  if (left.caller !== right.caller || left.stack.size !== right.stack.size) return false;
  if (!left.registers.every((value, register) => isSame(value, right.registers[register]))) return false;
  return [...left.stack].every(([offset, value]) => isSame(value, right.stack.get(offset)));
}
