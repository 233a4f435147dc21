import { describe, expect, it } from 'vitest';
import { Throttle } from '../../src/accounts/throttle.js';
import { systemClock } from '../../src/clock.js';

describe('Throttle', () => {
  it('doubles the wait from a second to a quarter of an hour, and forgets on success', () => {
    let now = 0;
    const throttle = new Throttle({ ...systemClock, elapsedMs: () => now });
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      throttle.fail(['a']);
      const from = now;
      while (isThrottled(throttle)) now += 1_000;
      waits.push((now - from) / 1_000);
    }
    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
    throttle.fail(['a']);
    expect(isThrottled(throttle)).toBe(true);
    throttle.succeed(['a']);
    expect(isThrottled(throttle)).toBe(false);
  });
});

function isThrottled(throttle: Throttle): boolean {
  try {
    throttle.check(['a']);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'EBPM_LOGIN_THROTTLED' });
    return true;
  }
}
