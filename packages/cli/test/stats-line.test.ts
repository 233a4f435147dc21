import type { LiveCounts } from '@ebpm/runner';
import { expect, it } from 'vitest';
import { formatStats, StatsLine } from '../src/stats-line.js';

const COUNTS: LiveCounts = {
  elapsedMs: 1000,
  received: 100,
  shown: 100,
  lost: 0n,
  countsEveryLoss: true,
  fullest: 0.04,
  runs: 200n,
  runTimeNs: 5_000_000n,
  missedRuns: 0n,
};

it('formatStats() has rates since the counts before', () => {
  const later = { ...COUNTS, elapsedMs: 3000, received: 700, runTimeNs: 25_000_000n };
  expect(formatStats(COUNTS, undefined)).toBe(
    '1 s: 100 events (100/s), nothing lost, buffer up to 4% full, programs 0.50% of a core',
  );
  expect(formatStats(later, COUNTS)).toBe(
    '3 s: 700 events (300/s), nothing lost, buffer up to 4% full, programs 1.00% of a core',
  );
});

it('formatStats() says what was lost, left out, or cannot be known', () => {
  expect(formatStats({ ...COUNTS, countsEveryLoss: false }, undefined)).toContain(', losses unknown, ');
  expect(formatStats({ ...COUNTS, lost: 7n, missedRuns: 2n }, undefined)).toContain(', 7 lost, 2 runs left out, ');
  expect(formatStats({ ...COUNTS, missedRuns: 1n }, undefined)).toContain(', 1 run left out, ');
});

it('StatsLine redraws its line on a terminal and makes room for other output', () => {
  const written: string[] = [];
  const line = new StatsLine({ isTTY: true, write: (chunk) => written.push(String(chunk)) });
  line.hide();
  line.show(COUNTS);
  line.show(COUNTS);
  line.hide();
  line.hide();
  const clear = '\r\x1b[K';
  expect(written.filter((chunk) => chunk === clear).length).toBe(2);
  expect(written[1]).toBe(clear);
  expect(written.join('')).not.toContain('\n');
});

it('StatsLine writes one line after another into a file', () => {
  const written: string[] = [];
  const line = new StatsLine({ write: (chunk) => written.push(String(chunk)) });
  line.show(COUNTS);
  line.hide();
  line.show(COUNTS);
  expect(written.length).toBe(2);
  expect(written.every((chunk) => chunk.endsWith('\n'))).toBe(true);
});
