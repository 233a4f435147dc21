import { describe, expect, it } from 'vitest';
import type { GuestRefusals } from '../../src/guest/broker.js';
import { guestLedger } from '../../src/guest/guest-ledger.js';

const RING = { object: 1, map: 'events', kind: 'ring buffer', delivered: 3, lost: null } as const;
const PERF = { object: 1, map: 'old', kind: 'perf buffer', delivered: 4, lost: 2 } as const;

function ledger(buffers: readonly (typeof RING | typeof PERF)[], refusals: GuestRefusals) {
  return guestLedger({ name: 'x', end: { buffers, shown: 2 }, ended: 'done', durationMs: 5, broker: { refusals } });
}

describe('guestLedger()', () => {
  it('guestLedger() does not know what a ring buffer refused unless it was counted', () => {
    expect(ledger([RING], { kind: 'not asked' })).toMatchObject({
      complete: 'unknown',
      received: 3,
      why: [{ kind: 'refusals-not-counted', map: 'events' }],
    });
    expect(ledger([RING], { kind: 'counted', counts: new Map() })).toMatchObject({ complete: true, why: [] });
    expect(ledger([RING], { kind: 'counted', counts: new Map([[1, new Map([['events', 9n]])]]) })).toMatchObject({
      complete: false,
      why: [{ kind: 'events-refused', map: 'events', count: 9 }],
    });
    // Of another object that has a map of the same name.
    expect(ledger([RING], { kind: 'counted', counts: new Map([[2, new Map([['events', 9n]])]]) })).toMatchObject({
      complete: true,
    });
    expect(ledger([RING], { kind: 'uncountable', reason: 'no' })).toMatchObject({
      complete: 'unknown',
      why: [{ kind: 'refusals-uncountable', map: 'events', reason: 'no' }],
    });
  });

  it('guestLedger() says how much a guest has shown, and of no buffer how much of it was shown', () => {
    expect(ledger([RING, PERF], { kind: 'not asked' })).toMatchObject({
      received: 7,
      shown: 2,
      streams: [
        { received: 3, shown: null },
        { received: 4, shown: null },
      ],
    });
  });

  it('guestLedger() takes the losses of a perf buffer from the kernel', () => {
    expect(ledger([PERF], { kind: 'not asked' })).toMatchObject({ complete: false, streams: [{ lost: 2 }] });
    expect(ledger([], { kind: 'not asked' })).toMatchObject({ complete: true, received: 0 });
  });
});
