import { describe, expect, it } from 'vitest';
import { timeText } from '../../src/audit/audit-line.js';

describe('timeText()', () => {
  it.each([0, 1, 999, 951_782_400_000, 1_764_170_411_118, 4_102_444_799_999])(
    'timeText() writes %d ms as toISOString() does',
    (ms) => {
      expect(timeText(new Date(ms))).toBe(new Date(ms).toISOString());
    },
  );
});
