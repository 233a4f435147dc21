import { describe, expect, it } from 'vitest';
import { MAX_BYTES, survive } from './survive.js';
import { TARGETS } from './targets.js';

/** A glance in every test run; `npm run soak` asks for very many more. */
const INPUTS = Number(process.env['EBPM_FUZZ_INPUTS'] ?? 500);

describe('the readers', () => {
  it.each(Object.entries(TARGETS))(
    `survive ${INPUTS} mutated %s`,
    async (name, target) => {
      const { accepted, refused, slowestMs, peakBytes } = await survive(name, target, INPUTS);
      console.log(
        `${name}: ${accepted} accepted, ${refused} refused, slowest ${slowestMs.toFixed(0)} ms, at most ${Math.round(peakBytes / 2 ** 20)} MiB`,
      );
      if (target.isTolerant !== true) expect(refused).toBeGreaterThan(INPUTS / 20);
      expect(peakBytes).toBeLessThan(MAX_BYTES);
    },
    3_600_000,
  );
});
