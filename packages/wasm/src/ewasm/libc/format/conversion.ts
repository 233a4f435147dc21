import { GuestFault } from '../../../guest-fault.js';
import { MAX_PRINTED_BYTES } from '../../limits.js';
import type { VariableArguments } from './variable-arguments.js';

/** What stands between a "%" and the letter of a conversion. */
export interface Conversion {
  readonly letter: string;
  /** `hh`, `h`, `l`, `ll`, `z`, `t`, `j`, `L`, or nothing. */
  readonly length: string;
  readonly left: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  /** Undefined where none was given. */
  readonly precision: number | undefined;
}

/** Flags, width, precision, length, letter; the letter may be any character. */
const SHAPE = /^%([-+ #0]*)(\*|\d*)(?:\.(\*|-?\d*))?(hh|h|ll|l|z|t|j|L)?(.)/s;

/** The conversion that a format goes on with, and how many characters it takes; undefined where the format ends in it. @throws GuestFault for widths past the limit */
export function conversionAt(
  format: string,
  args: VariableArguments,
): { readonly conversion: Conversion; readonly characters: number } | undefined {
  const shape = SHAPE.exec(format);
  if (shape === null) return undefined;
  const [all, flags = '', width = '', precision, length = '', letter = ''] = shape;
  // In this order they stand among the arguments.
  const wide = width === '*' ? args.i32() : Number(width);
  const precise = precision === '*' ? args.i32() : precision === undefined ? undefined : Number(precision);
  const conversion: Conversion = {
    letter,
    length,
    left: flags.includes('-') || wide < 0,
    plus: flags.includes('+'),
    space: flags.includes(' '),
    alternate: flags.includes('#'),
    zero: flags.includes('0'),
    width: limited(Math.abs(wide)),
    // A negative one is as if there were none.
    precision: precise === undefined || precise < 0 ? undefined : limited(precise),
  };
  return { conversion, characters: all.length };
}

function limited(characters: number): number {
  if (characters <= MAX_PRINTED_BYTES) return characters;
  throw new GuestFault(`printed something ${characters} characters wide`);
}
