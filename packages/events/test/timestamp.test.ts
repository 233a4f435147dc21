import { describe, expect, it } from 'vitest';
import { timestamp } from '../src/timestamp.js';

const now = (): number => new Date(2026, 6, 1, 12, 34, 56, 789).getTime();
const monotonicNs = (): bigint => 12_345_000_000_042n;

function read(...[kind, style]: [Parameters<typeof timestamp>[0], Parameters<typeof timestamp>[1]]): string {
  const stamp = timestamp(kind, style, { now, monotonicNs });
  stamp?.update();
  return new TextDecoder().decode(stamp?.bytes);
}

describe('timestamp()', () => {
  it('timestamp() gives the local time, in full with the offset from UTC', () => {
    expect(read('local', 'short')).toBe('12:34:56');
    expect(read('local', 'full')).toMatch(/^2026-07-01T12:34:56\.789[+-]\d\d:\d\d$/);
    expect(new Date(read('local', 'full')).getTime()).toBe(now());
  });

  it('timestamp() gives UTC, marked as such', () => {
    expect(read('utc', 'full')).toBe(new Date(now()).toISOString());
    expect(read('utc', 'short')).toBe(`${new Date(now()).toISOString().slice(11, 19)}Z`);
  });

  it('timestamp() gives the monotonic clock to the nanosecond', () => {
    expect(read('monotonic', 'full')).toBe('12345000000042');
    expect(read('monotonic', 'short')).toBe(' 12345.000000042');
  });

  it('timestamp() gives none where none is wanted, and needs the clock that is wanted', () => {
    expect(timestamp('none', 'short', {})).toBeUndefined();
    expect(() => timestamp('monotonic', 'short', {})).toThrow(TypeError);
  });
});
