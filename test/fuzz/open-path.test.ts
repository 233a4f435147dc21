import { afterAll, describe, expect, it } from 'vitest';
import { Opener } from './opener.js';
import { isPrebuilt } from './prebuilt-loader.js';
import { inputOf, MAX_BYTES, MAX_MS } from './survive.js';
import { TARGETS } from './targets.js';

const INPUTS = Number(process.env['EBPM_FUZZ_INPUTS'] ?? 500);

describe('the open path', () => {
  const opener = new Opener();
  afterAll(() => opener.close());

  it(`survives ${INPUTS} mutated objects: nothing that our reader accepts ends libbpf`, async () => {
    const target = TARGETS['ELF objects'];
    if (target === undefined) throw new Error('there is no such target');
    const seeds = target.seeds();
    const ended = { accepted: 0, refused: 0 };
    let peakBytes = 0;
    for (const seed of seeds) ended[await opener.open(seed, MAX_MS * 10)] += 1;
    for (let number = 0; number < INPUTS; number++) {
      try {
        ended[await opener.open(inputOf(target, seeds, number), MAX_MS)] += 1;
      } catch (cause) {
        throw new Error(`input ${number} breaks the open path`, { cause });
      }
      if (number % 1000 === 0) peakBytes = Math.max(peakBytes, opener.residentBytes());
    }
    console.log(
      `open path (${isPrebuilt() ? 'prebuilt addon' : "the system's libbpf"}): ${ended.accepted} opened, ${ended.refused} refused, at most ${Math.round(peakBytes / 2 ** 20)} MiB`,
    );
    expect(ended.accepted).toBeGreaterThan(0);
    expect(ended.refused).toBeGreaterThan(INPUTS / 20);
    expect(peakBytes).toBeLessThan(MAX_BYTES);
  }, 3_600_000);
});
