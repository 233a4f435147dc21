import { describe, expect, it } from 'vitest';
import { GuestFault } from '../../src/guest-fault.js';
import { RESULT, WasiGuest } from './wasi-guest.js';

const PAGE = 65536;
const EBADF = 8;
const EINVAL = 28;
const ENOTCAPABLE = 76;
const OUT = 40_000;

type Subscription =
  | { clock: number; timeNs: bigint; flags?: number; userdata?: bigint }
  | { read: number; userdata?: bigint }
  | { write: number; userdata?: bigint }
  | { kind: number };

function subscribe(guest: WasiGuest, ...subscriptions: Subscription[]): [number, number, number, number] {
  const at = guest.room(subscriptions.length * 48);
  for (const [index, asked] of subscriptions.entries()) {
    const struct = guest.memory.struct(at + index * 48, 48);
    struct.setBigUint64(0, 'userdata' in asked ? (asked.userdata ?? 0n) : 0n, true);
    if ('clock' in asked) {
      struct.setUint32(16, asked.clock, true);
      struct.setBigUint64(24, asked.timeNs, true);
      struct.setUint16(40, asked.flags ?? 0, true);
    } else if ('kind' in asked) {
      struct.setUint8(8, asked.kind);
    } else {
      struct.setUint8(8, 'read' in asked ? 1 : 2);
      struct.setUint32(16, 'read' in asked ? asked.read : asked.write, true);
    }
  }
  return [at, OUT, subscriptions.length, RESULT];
}

function events(guest: WasiGuest) {
  return Array.from({ length: guest.result }, (_, index) => {
    const event = guest.memory.struct(OUT + index * 32, 32);
    return {
      userdata: event.getBigUint64(0, true),
      errno: event.getUint16(8, true),
      kind: event.getUint8(10),
      bytes: event.getBigUint64(16, true),
      flags: event.getUint16(24, true),
    };
  });
}

describe('poll_oneoff', () => {
  it('waits for the first of its timers, and gives all that have run out by then', () => {
    const guest = new WasiGuest();
    const asked = subscribe(
      guest,
      { clock: 1, timeNs: 9_000_000n, userdata: 1n },
      { clock: 1, timeNs: 1_500_000n, userdata: 2n },
      { clock: 1, timeNs: 5_001_500_000n, flags: 1, userdata: 3n },
    );
    expect(guest.call('poll_oneoff', ...asked)).toBe(0);
    expect(guest.slept).toEqual([1.5]);
    expect(events(guest)).toEqual([
      { userdata: 2n, errno: 0, kind: 0, bytes: 0n, flags: 0 },
      { userdata: 3n, errno: 0, kind: 0, bytes: 0n, flags: 0 },
    ]);
  });

  it('does not wait for a time that has passed, nor beside a stream, which is always ready', () => {
    const guest = new WasiGuest();
    expect(guest.call('poll_oneoff', ...subscribe(guest, { clock: 0, timeNs: 12n, flags: 1 }))).toBe(0);
    expect(events(guest)).toHaveLength(1);
    const asked = subscribe(
      guest,
      { clock: 0, timeNs: 10n ** 12n },
      { read: 0, userdata: 5n },
      { write: 1, userdata: 6n },
    );
    expect(guest.call('poll_oneoff', ...asked)).toBe(0);
    expect(events(guest)).toEqual([
      { userdata: 5n, errno: 0, kind: 1, bytes: 0n, flags: 1 },
      { userdata: 6n, errno: 0, kind: 2, bytes: 0n, flags: 0 },
    ]);
    expect(guest.slept).toEqual([]);
  });

  it('gives what is wrong with one of them as its event', () => {
    const guest = new WasiGuest();
    const asked = subscribe(
      guest,
      { clock: 9, timeNs: 1n },
      { clock: 1, timeNs: 1n, flags: 2 },
      { read: 77 },
      { write: 0 },
      { read: 1 },
    );
    expect(guest.call('poll_oneoff', ...asked)).toBe(0);
    expect(events(guest).map(({ errno }) => errno)).toEqual([EINVAL, EINVAL, EBADF, ENOTCAPABLE, ENOTCAPABLE]);
  });

  it('takes a wait without end', () => {
    const guest = new WasiGuest();
    expect(guest.call('poll_oneoff', ...subscribe(guest, { clock: 1, timeNs: 2n ** 64n - 1n }))).toBe(0);
    expect(guest.slept[0]).toBeGreaterThan(1e13);
  });

  it('lets what ends the guest through', () => {
    const guest = new WasiGuest({
      sleep: () => {
        throw new Error('the run ends');
      },
    });
    expect(() => guest.call('poll_oneoff', ...subscribe(guest, { clock: 1, timeNs: 1n }))).toThrow('the run ends');
  });

  it('refuses none, too many, and a kind that there is not', () => {
    const guest = new WasiGuest();
    expect(guest.call('poll_oneoff', 0, OUT, 0, RESULT)).toBe(EINVAL);
    expect(guest.call('poll_oneoff', 0, OUT, 1025, RESULT)).toBe(EINVAL);
    expect(guest.call('poll_oneoff', 0, OUT, -1, RESULT)).toBe(EINVAL);
    expect(guest.call('poll_oneoff', ...subscribe(guest, { kind: 3 }))).toBe(EINVAL);
  });

  it('ends a guest whose lists lie outside, before it waits', () => {
    const guest = new WasiGuest();
    const [at] = subscribe(guest, { clock: 1, timeNs: 10n });
    expect(() => guest.call('poll_oneoff', PAGE - 47, OUT, 1, RESULT)).toThrow(GuestFault);
    expect(() => guest.call('poll_oneoff', at, PAGE - 31, 1, RESULT)).toThrow(GuestFault);
    expect(guest.slept).toEqual([]);
  });
});
