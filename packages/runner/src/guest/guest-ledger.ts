import type { BufferTotals, GuestEnd } from '@ebpm/wasm';
import type { Ledger, LedgerReason, LedgerStream } from '../ledger/ledger.js';
import type { SessionEnd } from '../session/first-end.js';
import type { Broker, GuestRefusals } from './broker.js';

/** What is known of a session with a guest when it is over. */
export interface GuestSessionFacts {
  readonly name: string;
  readonly end: GuestEnd;
  readonly ended: SessionEnd;
  readonly durationMs: number;
  readonly broker: Pick<Broker, 'refusals'>;
}

/** What a guest was given of its events, what was lost before, and how much it has shown: of which buffer that came is its own. */
export function guestLedger({ name, end, ended, durationMs, broker }: GuestSessionFacts): Ledger {
  const { refusals } = broker;
  const streams = end.buffers.map(
    (buffer): LedgerStream => ({
      name: buffer.map,
      kind: buffer.kind,
      received: buffer.delivered,
      shown: null,
      lost: buffer.lost ?? refusedBy(refusals, buffer),
      malformed: 0,
      broken: 0,
      highWaterBytes: null,
      capacityBytes: null,
    }),
  );
  const why = streams.flatMap((stream) => reasonOf(stream, refusals));
  const received = streams.reduce((sum, stream) => sum + stream.received, 0);
  const isLossy = streams.some(({ lost }) => lost !== null && lost > 0);
  return {
    package: name,
    ended,
    durationMs,
    complete: isLossy ? false : why.length > 0 ? 'unknown' : true,
    why,
    received,
    shown: end.shown,
    streams,
    programs: [],
    maps: [],
  };
}

function refusedBy(refusals: GuestRefusals, { object, map }: BufferTotals): number | null {
  return refusals.kind === 'counted' ? Number(refusals.counts.get(object)?.get(map) ?? 0) : null;
}

function reasonOf({ name, kind, lost }: LedgerStream, refusals: GuestRefusals): readonly LedgerReason[] {
  if (lost !== null) return lost === 0 ? [] : [{ kind: 'events-refused', map: name, buffer: kind, count: lost }];
  if (refusals.kind === 'uncountable') return [{ kind: 'refusals-uncountable', map: name, reason: refusals.reason }];
  return [{ kind: 'refusals-not-counted', map: name }];
}
