import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock.js';

describe('systemClock.sleep()', () => {
  it('ends when its time is over, and when the signal aborts, and forgets the signal', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const ended = new AbortController();
    const sleep = systemClock.sleep(1_000_000, ended.signal);
    ended.abort();
    await sleep;
    expect(getEventListeners(ended.signal, 'abort')).toEqual([]);
    await systemClock.sleep(1_000_000, ended.signal);
  });
});

describe('systemClock.after()', () => {
  it('calls when its time is over, and not when it was cancelled', async () => {
    const called: number[] = [];
    systemClock.after(1, () => called.push(1));
    systemClock.after(1, () => called.push(2))();
    await systemClock.sleep(10);
    expect(called).toEqual([1]);
  });
});
