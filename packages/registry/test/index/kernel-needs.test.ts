import { describe, expect, it } from 'vitest';
import { oldestKernel, parseRelease } from '../../src/index/kernel-needs.js';

describe('oldestKernel()', () => {
  it.each([
    ['>=5.8', ['netfilter'], '5.8'],
    ['>=5.15.3 <6.12', [], '5.15'],
    [undefined, ['tracepoint', 'kprobe'], '4.7'],
    [undefined, ['xdp', 'uprobe.multi'], '6.6'],
    [undefined, ['fentry', 'iter'], '5.8'],
    ['nonsense', ['tc'], '4.1'],
  ])('of the claim %s and the sections %j is %s', (claim, sections, expected) => {
    expect(oldestKernel(claim, sections)).toEqual(parseRelease(expected));
  });

  it('is unknown without a claim and without a program of a known type', () => {
    expect(oldestKernel(undefined, [])).toBeUndefined();
    expect(oldestKernel(5, ['nonsense'])).toBeUndefined();
  });
});
