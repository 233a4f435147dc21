import { NOTHING } from './known-values.js';

/** What is known of each register, and behind them the conditions: plain arrays are copied faster than typed ones. */
export type State = number[];

/** Registers, and behind them the conditions under which a place is reached: a bit each. */
export const REGISTERS = 11;
export const CONDITIONS = REGISTERS;
/** The register that points to the stack. */
export const FRAME = 10;

/** What a function knows when it starts: its arguments. */
export type Arguments = readonly [number, number, number, number, number];

/** Arguments of which nothing is known. */
export const NO_ARGUMENTS: Arguments = [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING];

/** The arguments of a call, by what is known before it. */
export function argumentsIn(state: State | undefined): Arguments {
  if (state === undefined) return NO_ARGUMENTS;
  const [, one = NOTHING, two = NOTHING, three = NOTHING, four = NOTHING, five = NOTHING] = state;
  return [one, two, three, four, five];
}
