import { describe, expect, it } from 'vitest';
import { RecentChanges } from '../../src/feed/recent-changes.js';
import { FEED_LIMITS } from '../../src/limits.js';
import type { Entry } from '../../src/log/entry.js';
import { publishOp, someOp } from '../fold/publish-op.js';

function entryOf(seq: number, count = 1): Entry {
  const hash = '0'.repeat(64);
  const ops = Array.from({ length: count }, (_, index) => ({ index, hash, op: publishOp({ name: `p${seq}` }) }));
  return { seq, hash, prev: hash, nonce: '', writer: 'test', time: '2026-01-01T00:00:00.000Z', ops };
}

const places = (recent: RecentChanges, seq: number) => recent.since(seq)?.map(({ told }) => told.id);

describe('RecentChanges', () => {
  it('has what came after its start, and says when that is not all', () => {
    const recent = new RecentChanges(() => false);
    recent.note(entryOf(1));
    expect(recent.since(0)).toBeUndefined();
    recent.start(5);
    recent.note(entryOf(6, 2));
    recent.note(entryOf(7));
    expect(places(recent, 5)).toEqual(['6-0', '6-1', '7-0']);
    expect(places(recent, 6)).toEqual(['7-0']);
    expect(places(recent, 4)).toBeUndefined();
    recent.note(entryOf(9));
    expect(places(recent, 8)).toEqual(['9-0']);
    expect(places(recent, 7)).toBeUndefined();
  });

  it('tells nothing of what was void, hidden, or about no package', () => {
    const recent = new RecentChanges((seq, index) => seq === 2 && index === 0);
    recent.start(1);
    recent.note(entryOf(2));
    const ops = [undefined, someOp('condemn', { digests: [] }), someOp('tag', { name: 'x', tag: 'next' })];
    recent.note({ ...entryOf(3), ops: ops.map((op, index) => ({ index, hash: '', op })) });
    expect(recent.since(1)?.map(({ told }) => told)).toEqual([
      { id: '3-2', type: 'tag', name: 'x', tag: 'next', time: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('keeps the last ones', () => {
    const recent = new RecentChanges(() => false);
    recent.start(0);
    for (let seq = 1; seq <= 100; seq++) recent.note(entryOf(seq, 256));
    const kept = recent.since(99)?.length;
    expect(kept).toBe(256);
    expect(recent.since(0)).toBeUndefined();
    const first = Array.from({ length: 100 }, (_, seq) => seq).find((seq) => recent.since(seq) !== undefined) ?? 0;
    expect((100 - first) * 256).toBeGreaterThanOrEqual(FEED_LIMITS.recent);
  });

  it('calls back once', () => {
    const recent = new RecentChanges(() => false);
    recent.start(0);
    let calls = 0;
    recent.onNext(() => calls++);
    recent.onNext(() => calls++)();
    recent.note(entryOf(1));
    recent.note(entryOf(2));
    expect(calls).toBe(1);
  });
});
