import { describe, expect, it } from 'vitest';
import { StoreClock } from '../../src/stores/store-clock.js';

const NOON = Date.parse('2026-01-01T12:00:00.000Z');
const date = (ms: number) => new Date(ms).toUTCString();

describe('StoreClock', () => {
  it('offsetMs() is 0 before anything was seen, and while the clocks agree', () => {
    const clock = new StoreClock();
    expect(clock.offsetMs()).toBe(0);
    clock.saw({ date: date(NOON), sentMs: NOON + 400, answeredMs: NOON + 600 });
    clock.saw({ date: date(NOON), sentMs: NOON - 100, answeredMs: NOON + 100 });
    expect(clock.offsetMs()).toBe(0);
  });

  it.each([3_600_000, -3_600_000])('offsetMs() comes near to an offset of %i ms as answers arrive', (offsetMs) => {
    const clock = new StoreClock();
    for (let ms = 0; ms < 5_000; ms += 130) {
      clock.saw({ date: date(NOON + ms + 5 + offsetMs), sentMs: NOON + ms, answeredMs: NOON + ms + 10 });
    }
    expect(Math.abs(clock.offsetMs() - offsetMs)).toBeLessThan(100);
  });

  it('offsetMs() starts anew when a clock was set', () => {
    const clock = new StoreClock();
    clock.saw({ date: date(NOON + 3_600_000), sentMs: NOON, answeredMs: NOON });
    clock.saw({ date: date(NOON + 60_000), sentMs: NOON + 60_000, answeredMs: NOON + 60_000 });
    expect(clock.offsetMs()).toBe(0);
  });

  it('saw() takes no notice of a date that is none', () => {
    const clock = new StoreClock();
    clock.saw({ date: 'yesterday', sentMs: NOON, answeredMs: NOON });
    expect(clock.offsetMs()).toBe(0);
  });
});
