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

  it('pauseMs() is 6 ms for a replica that is alone, but for one in 100 ms', () => {
    const pace = new Pace(MIDDLE);
    const pauses = [0, 40, 80, 99, 100, 140, 210].map((elapsedMs) => {
      pace.sawEntry({ isOwn: true, elapsedMs });
      return pace.pauseMs(elapsedMs);
    });
    expect(pauses).toEqual([25, 6, 6, 6, 25, 6, 25]);
  });

  it('pauseMs() of a replica that is alone is as long as the store is slow', () => {
    const pace = new Pace(MIDDLE);
    pace.sawCreate(40);
    pace.sawGet(20);
    expect([0, 50].map((elapsedMs) => pace.pauseMs(elapsedMs))).toEqual([90, 90]);
  });

  it('pauseMs() is never short within a minute after another replica has written', () => {
    const pace = new Pace(MIDDLE);
    pace.sawEntry({ isOwn: false, elapsedMs: 0 });
    expect([3_000, 3_010, 59_999].map((elapsedMs) => pace.pauseMs(elapsedMs))).toEqual([25, 25, 25]);
    expect([60_010, 60_020].map((elapsedMs) => pace.pauseMs(elapsedMs))).toEqual([6, 6]);
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
