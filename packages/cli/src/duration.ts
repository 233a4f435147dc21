import { Errors, Flags } from '@oclif/core';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Node's timers take at most 2^31 - 1 ms; longer ones would fire at once. */
const MOST_MS = 2 ** 31 - 1;

/** A flag such as `--duration 5s`, parsed to milliseconds; a number alone is seconds, as sleep(1) has it. */
export const durationFlag = Flags.custom<number>({
  helpValue: 'TIME',
  parse: async (text) => parseDuration(text),
});

/** Milliseconds of `500ms`, `5s`, `1.5m`, `2h`, `1d` or a number of seconds. */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * (UNITS[unit] ?? Number.NaN));
  if (ms > 0 && ms <= MOST_MS) return ms;
  throw new Errors.CLIError(`Cannot read "${text}" as a time: it takes a number with ms, s, m, h or d, up to 24d`);
}
