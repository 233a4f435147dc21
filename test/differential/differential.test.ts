import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { COMPARISONS } from './comparisons.js';
import { type Watched, watchAll } from './watch-all.js';

const LEAST_EVENTS = 500;
const folder = temporaryFolder('differential');

describe('our examples, libbpf-tools and bpftrace, side by side on Linux 6.12', () => {
  let watched: Watched;
  beforeAll(async () => {
    watched = await watchAll('6.12', folder);
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(COMPARISONS)('of $what', ({ tools }) => {
    const [ours, ...others] = Object.keys(tools);
    it.each(others)(`${ours} and %s see the same`, (other) => {
      const seen = (name: string) => {
        const { stdout = '', stderr = '' } = watched.tools[name] ?? {};
        return { events: tools[name]?.(stdout, watched) ?? [], stderr };
      };
      const [mine, theirs] = [seen(ours ?? ''), seen(other)];
      console.log(`${ours}: ${mine.events.length}, ${other}: ${theirs.events.length}`);
      expect(mine.events.length, mine.stderr).toBeGreaterThanOrEqual(LEAST_EVENTS);
      const difference = { missing: without(theirs.events, mine.events), extra: without(mine.events, theirs.events) };
      expect(difference, theirs.stderr).toEqual({ missing: [], extra: [] });
    });
  });
});

/** What is in a list and not in the other, as often as it is there more often. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const event of other) left.set(event, (left.get(event) ?? 0) + 1);
  return list.filter((event) => {
    const count = left.get(event) ?? 0;
    left.set(event, count - 1);
    return count <= 0;
  });
}
