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
