import type { ProgramCounts } from '@ebpm/loader';
import type { StreamTotals } from '../session/stream.js';
import type { Ledger, LedgerReason } from './ledger.js';
import type { Refusals, UnreadBuffer } from './make-ledger.js';

type Rows = Pick<Ledger, 'streams' | 'programs' | 'maps'>;

/** Everything that is known to be lost. */
export function losses({ streams, programs, maps }: Rows): readonly LedgerReason[] {
  return [
    ...streams.flatMap(({ name, kind, lost }): LedgerReason[] =>
      (lost ?? 0) > 0 ? [{ kind: 'events-refused', map: name, buffer: kind, count: lost ?? 0 }] : [],
    ),
    ...maps.flatMap(({ name, refused }): LedgerReason[] =>
      (refused ?? 0) > 0 ? [{ kind: 'entries-refused', map: name, count: refused ?? 0 }] : [],
    ),
    ...streams.flatMap(({ name, malformed }): LedgerReason[] =>
      malformed > 0 ? [{ kind: 'malformed', stream: name, count: malformed }] : [],
    ),
    ...streams.flatMap(({ name, broken }): LedgerReason[] =>
      broken > 0 ? [{ kind: 'broken', stream: name, count: broken }] : [],
    ),
    ...programs.flatMap(({ name, recursionMisses, missedHits }): LedgerReason[] =>
      recursionMisses + missedHits > 0
        ? [{ kind: 'runs-missed', program: name, count: recursionMisses + missedHits }]
        : [],
    ),
  ];
}

/** What is counted, and how. */
interface Known {
  readonly streams: readonly StreamTotals[];
  readonly unread: readonly UnreadBuffer[];
  readonly programs: readonly ProgramCounts[];
  readonly maps: Rows['maps'];
  readonly refusals: Refusals;
}

/** Everything of which nobody can say whether it was lost. */
export function unknowns({ streams, unread, programs, maps, refusals }: Known): readonly LedgerReason[] {
  const uncounted = programs.filter(({ countsEveryMiss }) => !countsEveryMiss).map(({ name }) => name);
  return [
    ...unread.map(({ map, buffer }): LedgerReason => ({ kind: 'not-read', map, buffer })),
    ...streams.flatMap((stream) => unknownOfBuffer(stream, refusals)),
    ...(refusals.kind === 'counted' && refusals.missed > 0n
      ? [{ kind: 'refusals-half-counted', count: Number(refusals.missed) } as const]
      : []),
    ...maps.flatMap(({ name, refused, full }): LedgerReason[] =>
      refused === null && full === true ? [{ kind: 'map-full', map: name }] : [],
    ),
    ...(uncounted.length > 0 ? [{ kind: 'misses-not-counted', programs: uncounted } as const] : []),
  ];
}

function unknownOfBuffer({ name, buffer }: StreamTotals, refusals: Refusals): readonly LedgerReason[] {
  if (buffer === undefined || buffer.countsEveryLoss) return [];
  if (buffer.kind === 'perf buffer') return [{ kind: 'perf-losses-late', map: name }];
  switch (refusals.kind) {
    case 'counted':
      return refusals.byMap.has(name) ? [] : [{ kind: 'refusals-not-counted', map: name }];
    case 'uncountable':
      return [{ kind: 'refusals-uncountable', map: name, reason: refusals.reason }];
    case 'not asked':
      return [{ kind: 'refusals-not-counted', map: name }];
  }
}
