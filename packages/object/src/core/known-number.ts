import { CLASS } from '../code/instructions.js';

/**
 * What the verifier knows of a register for certain: a number, as an unsigned one of 64 bits; a place in a data section, in the function's
 * own stack or in the program's context; a setting of the kernel; or nothing.
 */
export type Known =
  | bigint
  | { readonly kind: 'data'; readonly section: number; readonly offset: bigint }
  /** Somewhere on it, where there is no offset. */
  | { readonly kind: 'stack'; readonly offset: bigint | undefined }
  /** In what the program is given. */
  | { readonly kind: 'context'; readonly offset: bigint }
  /** The place of a setting of the kernel's configuration, and what was made of its value, which is not known here but to the verifier. */
  | { readonly kind: 'settingPlace'; readonly name: string }
  | { readonly kind: 'setting'; readonly name: string }
  | undefined;

/** Whether two registers are known to hold the same. */
export function isSame(left: Known, right: Known): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  return left.kind === right.kind && placeText(left) === placeText(right);
}

/**
 * What an arithmetic instruction makes of two values.
 * @see https://www.rfc-editor.org/rfc/rfc9669#section-4.1
 */
export function computed(opcode: number, left: Known, right: Known): Known {
  const is64 = (opcode & 0x07) === CLASS.alu64;
  const operation = opcode >>> 4;
  if (operation === MOVE) return is64 ? right : narrowed(right);
  if (typeof left === 'object') return is64 || left.kind === 'setting' ? moved(operation, left, right) : undefined;
  // A sum has its place in either operand.
  if (typeof right === 'object') return is64 && operation === ADD ? moved(ADD, right, left) : undefined;
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return undefined;
  const bits = is64 ? 64 : 32;
  const a = BigInt.asUintN(bits, left);
  const b = BigInt.asUintN(bits, right);
  const shift = b & BigInt(bits - 1);
  const result = OPERATIONS[operation]?.(a, b, { shift, signed: BigInt.asIntN(bits, a) });
  return result === undefined ? undefined : BigInt.asUintN(bits, result);
}

const ADD = 0;
const MOVE = 11;

/** The lower half, of 32 bits. */
function narrowed(value: Known): Known {
  if (typeof value === 'bigint') return BigInt.asUintN(32, value);
  return typeof value === 'object' && value.kind === 'setting' ? value : undefined;
}

/** By the high half of an opcode; byte swaps and signed divisions are left out. */
const OPERATIONS: Readonly<
  Record<number, (a: bigint, b: bigint, more: { readonly shift: bigint; readonly signed: bigint }) => bigint>
> = {
  0: (a, b) => a + b,
  1: (a, b) => a - b,
  2: (a, b) => a * b,
  3: (a, b) => (b === 0n ? 0n : a / b),
  4: (a, b) => a | b,
  5: (a, b) => a & b,
  6: (a, _b, { shift }) => a << shift,
  7: (a, _b, { shift }) => a >> shift,
  8: (a) => -a,
  9: (a, b) => (b === 0n ? a : a % b),
  10: (a, b) => a ^ b,
  12: (_a, _b, { shift, signed }) => signed >> shift,
};

/** Whether a branch is taken; undefined where the verifier does not know, and goes both ways. */
export function isTaken(opcode: number, left: Known, right: Known): boolean | undefined {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return undefined;
  const bits = (opcode & 0x07) === CLASS.jmp ? 64 : 32;
  const [a, b] = [BigInt.asUintN(bits, left), BigInt.asUintN(bits, right)];
  return COMPARISONS[opcode >>> 4]?.(a, b, BigInt.asIntN(bits, a), BigInt.asIntN(bits, b));
}

/** By the high half of an opcode. @see https://www.rfc-editor.org/rfc/rfc9669#section-4.3 */
const COMPARISONS: Readonly<Record<number, (a: bigint, b: bigint, signedA: bigint, signedB: bigint) => boolean>> = {
  1: (a, b) => a === b,
  2: (a, b) => a > b,
  3: (a, b) => a >= b,
  4: (a, b) => (a & b) !== 0n,
  5: (a, b) => a !== b,
  6: (_a, _b, a, b) => a > b,
  7: (_a, _b, a, b) => a >= b,
  10: (a, b) => a < b,
  11: (a, b) => a <= b,
  12: (_a, _b, a, b) => a < b,
  13: (_a, _b, a, b) => a <= b,
};

/** A place that something is added to or taken from; of a setting, what is made of it with a number. */
function moved(operation: number, place: Known & object, by: Known): Known {
  if (place.kind === 'setting') return typeof by === 'bigint' ? place : undefined;
  if (place.kind === 'settingPlace' || operation > 1) return undefined;
  if (typeof by !== 'bigint' || place.offset === undefined) {
    return place.kind === 'stack' ? { kind: 'stack', offset: undefined } : undefined;
  }
  const distance = BigInt.asIntN(64, by);
  return { ...place, offset: place.offset + (operation === 0 ? distance : -distance) };
}

function placeText(place: Known & object): string {
  if (place.kind === 'data') return `${place.section}:${place.offset}`;
  return place.kind === 'stack' || place.kind === 'context' ? `${place.offset}` : place.name;
}
