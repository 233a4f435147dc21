import { describe, expect, it } from 'vitest';
import { jittered, Pace, retryMs } from '../../src/log/pace.js';

/** No jitter, the least, the most. */
const MIDDLE = { hex: () => '', fraction: () => 0.5 };
const LEAST = { hex: () => '', fraction: () => 0 };
const MOST = { hex: () => '', fraction: () => 1 - 2 ** -32 };

describe('Pace', () => {
  it.each([
    [0, 0, 25],
    [5, 5, 25],
    [40, 20, 90],
    [400, 100, 250],
  ])('pauseMs() after creates of %i ms and GETs of %i ms is %i ms', (createMs, getMs, pauseMs) => {
    const pace = new Pace(MIDDLE);
    pace.sawCreate(createMs);
    pace.sawGet(getMs);
    expect(pace.pauseMs(0)).toBeCloseTo(pauseMs);
  });

  it('pauseMs() follows the store as it becomes slower', () => {
    const pace = new Pace(MIDDLE);
    for (let i = 0; i < 20; i++) pace.sawCreate(10);
    for (let i = 0; i < 20; i++) pace.sawCreate(100);
    expect(pace.pauseMs(0)).toBeGreaterThan(140);
  });

  it('pauseMs() doubles with each win in a row while another replica writes, up to four times', () => {
    const pace = new Pace(MIDDLE);
    pace.sawEntry({ isOwn: false, elapsedMs: 0 });
    const pauses = Array.from({ length: 6 }, () => {
      pace.sawEntry({ isOwn: true, elapsedMs: 100 });
      return Math.round(pace.pauseMs(100));
    });
    expect(pauses).toEqual([25, 50, 100, 100, 100, 100]);
    expect(pace.pauseMs(2_000)).toBe(25);
  });

  it('pauseMs() does not grow for a replica that is alone', () => {
    const pace = new Pace(MIDDLE);
    for (let i = 0; i < 5; i++) pace.sawEntry({ isOwn: true, elapsedMs: i });
    expect(pace.pauseMs(5)).toBe(25);
  });
});

describe('retryMs()', () => {
  it('retryMs() doubles from 5 ms to 500 ms', () => {
    const pauses = Array.from({ length: 9 }, (_, attempt) => retryMs(attempt, MIDDLE));
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 500, 500]);
  });
});

describe('jittered()', () => {
  it('jittered() stays within a quarter', () => {
    expect(jittered(100, LEAST)).toBe(75);
    expect(jittered(100, MOST)).toBeCloseTo(125);
  });
});
