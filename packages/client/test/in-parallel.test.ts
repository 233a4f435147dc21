import { describe, expect, it } from 'vitest';
import { inParallel } from '../src/in-parallel.js';

describe('inParallel()', () => {
  it('gives results in order and never does more at a time than it may', async () => {
    let underWay = 0;
    let most = 0;
    const results = await inParallel([5, 1, 3, 2, 4], 2, async (ms) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, ms));
      underWay--;
      return ms * 10;
    });
    expect(results).toEqual([50, 10, 30, 20, 40]);
    expect(most).toBe(2);
  });

  it('begins nothing new after a failure, and waits for what is under way', async () => {
    const begun: number[] = [];
    let ended = false;
    const failing = inParallel([0, 1, 2, 3], 2, async (n) => {
      begun.push(n);
      if (n === 0) throw new Error('first');
      await new Promise((resolve) => setTimeout(resolve, 5));
      ended = true;
    });
    await expect(failing).rejects.toThrow('first');
    expect({ begun, ended }).toEqual({ begun: [0, 1], ended: true });
  });
});
