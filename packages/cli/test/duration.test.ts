import { describe, expect, it } from 'vitest';
import { parseDuration } from '../src/duration.js';

describe('parseDuration()', () => {
  it.each([
    ['500ms', 500],
    ['1ms', 1],
    ['5', 5_000],
    ['5s', 5_000],
    ['0.25', 250],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['24d', 2_073_600_000],
    ['2147483647ms', 2_147_483_647],
    ['0.0006', 1],
  ])('parseDuration() reads "%s" as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '0',
    '0s',
    '0.4ms',
    '-1s',
    '+1s',
    's',
    '5 s',
    ' 5s',
    '5S',
    '5sec',
    '1e3',
    '0x10',
    '.5s',
    '5.',
    '1,5s',
    '1m30s',
    'Infinity',
    'NaN',
    '25d',
    '2147483648ms',
    '9'.repeat(400),
  ])('parseDuration() refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(`Cannot read "${text}" as a time`);
  });
});
