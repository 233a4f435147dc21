import { DAY_MS } from '../clock.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import { usageError } from './usage-error.js';

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS };

/**
 * How long something lives, in milliseconds: a whole number of minutes, hours or days such as `90m`, `12h`, `30d`; ten years at most.
 * @throws EBPM_REGISTRY_USAGE
 */
export function parseLifeMs(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,6})([mhd])$/.exec(text) ?? [];
  const lifeMs = Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  if (lifeMs <= ACCOUNT_LIMITS.tokenDays * DAY_MS) return lifeMs;
  throw usageError(`"${text}" is no length of time of at most ${ACCOUNT_LIMITS.tokenDays} days`, 'try --expires 30d');
}
