/**
 * Numbers as people type them: `-5`, `0x1f`, `4K`, `1.5GiB`, `250ms`. Nothing is rounded and nothing is guessed: a time is taken
 * only for a variable whose name says its unit, and only where it is a whole number of that unit.
 */

/** A unit of time by its suffix, in nanoseconds. */
const TIMES: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Powers of 1024, as coreutils has them; those of 1000 end in a bare B. */
const SIZES: ReadonlyMap<string, bigint> = new Map(
  ['K', 'M', 'G', 'T'].flatMap((letter, index): [string, bigint][] => {
    const binary = 1024n ** BigInt(index + 1);
    const decimal = 1000n ** BigInt(index + 1);
    return [
      [letter, binary],
      [`${letter}i`, binary],
      [`${letter}iB`, binary],
      [`${letter}B`, decimal],
    ];
  }),
);

/** A unit of time that a variable's name ends with. */
export interface TimeUnit {
  /** In words, as in "a whole number of milliseconds". */
  readonly name: string;
  readonly nanoseconds: bigint;
}

const UNITS: readonly (readonly [ending: RegExp, name: string, suffix: string])[] = [
  [/_(ns|nsecs?)$/, 'nanoseconds', 'ns'],
  [/_(us|usecs?)$/, 'microseconds', 'us'],
  [/_(ms|msecs?)$/, 'milliseconds', 'ms'],
  [/_(s|secs?|seconds)$/, 'seconds', 's'],
];

/** The unit of time that the name of a variable ends with: `min_duration_ms`; undefined where it says none. */
export function timeUnitOf(variable: string): TimeUnit | undefined {
  const [, name, suffix] = UNITS.find(([ending]) => ending.test(variable)) ?? [];
  const nanoseconds = TIMES.get(suffix ?? '');
  return name === undefined || nanoseconds === undefined ? undefined : { name, nanoseconds };
}

/** A number, exactly: `numerator / denominator`. */
export interface ExactNumber {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A number, or in words what is wanted instead of the text. */
export type NumberText = ({ readonly ok: true } & ExactNumber) | { readonly ok: false; readonly wanted: string };

/** Characters of a number; 128 bits have 39 digits. */
const MAX_NUMBER_LENGTH = 64;

const HEX = /^([+-]?)(0x[0-9a-f]+)$/i;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?([A-Za-z]*)$/;

/** Reads a number with its suffix. Leading zeros do not make it octal. */
export function numberText(text: string, unit: TimeUnit | undefined): NumberText {
  if (text.length > MAX_NUMBER_LENGTH) return NO_NUMBER;
  const [, hexSign, hexDigits] = HEX.exec(text) ?? [];
  if (hexDigits !== undefined) return exact(signed(hexSign, BigInt(hexDigits)), 1n);
  const [, sign, whole = '', fraction = '', suffix = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) return NO_NUMBER;
  const digits = signed(sign, BigInt(whole + fraction));
  const parts = 10n ** BigInt(fraction.length);
  if (suffix === '') return exact(digits, parts);
  const factor = SIZES.get(suffix === 'k' || suffix === 'kB' ? suffix.replace('k', 'K') : suffix);
  if (factor !== undefined) return exact(digits * factor, parts);
  const nanoseconds = TIMES.get(suffix);
  if (nanoseconds === undefined) return NO_NUMBER;
  if (unit !== undefined) return exact(digits * nanoseconds, parts * unit.nanoseconds);
  return { ok: false, wanted: 'a number without unit: its name does not end in _ns, _us, _ms or _s' };
}

const NO_NUMBER: NumberText = { ok: false, wanted: 'a number such as "10", "0x1f" or "4K"' };

function exact(numerator: bigint, denominator: bigint): NumberText {
  return { ok: true, numerator, denominator };
}

function signed(sign: string | undefined, value: bigint): bigint {
  return sign === '-' ? -value : value;
}
