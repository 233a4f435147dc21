import type { CodeFunction } from '../code/code-index.js';
import { isSame, type Known } from './known-number.js';

/** Registers of eBPF. */
const REGISTERS = 11;

/** The register that points to the end of the stack. */
export const FRAME = 10;

/** Bytes that are spilled at once and known again. */
const SLOT_BYTES = 8;

/** How sure it is that the verifier comes to a place. */
export interface Evidence {
  /** So far, it knew of every branch whether it is taken. */
  readonly isCertain: boolean;
  /** A setting of the kernel that decided about a branch, and that we do not know. */
  readonly setting: string | undefined;
}

/** Nothing is open. */
export const CERTAIN: Evidence = { isCertain: true, setting: undefined };

/** Whether evidence is as good as other evidence. */
export function isAsGood(left: Evidence, right: Evidence): boolean {
  if (left.isCertain || right.isCertain) return left.isCertain;
  return left.setting === undefined || left.setting === right.setting;
}

/** A function that called another, and waits for it. */
export interface Caller {
  readonly registers: readonly Known[];
  readonly stack: ReadonlyMap<number, Known>;
  readonly code: CodeFunction;
  /** The instruction that it goes on with. */
  readonly next: number;
  readonly caller: Caller | undefined;
}

/** What is known before an instruction. */
export class WalkState {
  readonly registers: Known[];
  /** What was put onto the stack, by where it starts. */
  readonly stack: Map<number, Known>;
  readonly caller: Caller | undefined;
  evidence: Evidence;

  constructor(
    registers: readonly Known[],
    stack: ReadonlyMap<number, Known>,
    more: Pick<WalkState, 'caller' | 'evidence'>,
  ) {
    this.registers = [...registers];
    this.stack = new Map(stack);
    this.caller = more.caller;
    this.evidence = more.evidence;
  }

  /** A function starts: what it is given is known, or nothing. */
  static start(args: readonly Known[], caller: Caller | undefined, evidence: Evidence): WalkState {
    const registers: Known[] = Array(REGISTERS).fill(undefined);
    for (const [position, value] of args.entries()) registers[position + 1] = value;
    registers[FRAME] = { kind: 'stack', offset: 0n };
    return new WalkState(registers, new Map(), { caller, evidence });
  }

  copy(): WalkState {
    return new WalkState(this.registers, this.stack, this);
  }

  /** Notes what is put onto the stack; what it overlaps is known no more, nor is anything where its place is not known. */
  store(offset: number | undefined, sizeBytes: number, value: Known): void {
    if (offset === undefined) {
      this.stack.clear();
      return;
    }
    for (const start of [...this.stack.keys()]) {
      if (start < offset + sizeBytes && offset < start + SLOT_BYTES) this.stack.delete(start);
    }
    if (sizeBytes === SLOT_BYTES && value !== undefined) this.stack.set(offset, value);
  }

  /** Whether all that is known here is known there, too, where the same functions wait. */
  covers(other: WalkState): boolean {
    if (this.caller !== other.caller || !isAsGood(this.evidence, other.evidence)) return false;
    for (let register = 0; register < REGISTERS; register++) {
      const known = this.registers[register];
      if (known !== undefined && !isWithin(other.registers[register], known)) return false;
    }
    for (const [offset, known] of this.stack) if (!isSame(known, other.stack.get(offset))) return false;
    return true;
  }

  /** Forgets what is not known there, too. */
  meet(other: WalkState): void {
    for (let register = 0; register < REGISTERS; register++) {
      this.registers[register] = joined(this.registers[register], other.registers[register]);
    }
    for (const [offset, known] of [...this.stack]) {
      if (!isSame(known, other.stack.get(offset))) this.stack.delete(offset);
    }
    this.open(undefined);
  }

  /** A branch could go either way, as far as we know. */
  open(setting: string | undefined): void {
    this.evidence = { isCertain: false, setting: this.evidence.setting ?? setting };
  }
}

/** What is known where two paths meet; what may point to the stack goes on to do so. */
function joined(left: Known, right: Known): Known {
  if (isSame(left, right)) return left;
  const isStack = [left, right].some((value) => typeof value === 'object' && value.kind === 'stack');
  return isStack ? { kind: 'stack', offset: undefined } : undefined;
}

/** Whether a value is what is known, or somewhere on the stack where no more than that is known. */
function isWithin(value: Known, known: Known): boolean {
  if (isSame(value, known)) return true;
  const isAnywhere = typeof known === 'object' && known.kind === 'stack' && known.offset === undefined;
  return isAnywhere && typeof value === 'object' && value.kind === 'stack';
}
