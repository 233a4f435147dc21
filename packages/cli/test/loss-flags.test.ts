import { expect, it } from 'vitest';
import { parseShare } from '../src/loss-flags.js';

it.each([
  ['1%', 0.01],
  ['0.5%', 0.005],
  ['100%', 1],
])('parseShare() reads %s', (text, share) => {
  expect(parseShare(text)).toBeCloseTo(share, 12);
});

it.each(['', '1', '%', '0%', '-1%', '1 %', '1e3%', '1000000%', 'NaN%', '.5%'])('parseShare() refuses %j', (text) => {
  expect(() => parseShare(text)).toThrow('as a share of one core');
});
