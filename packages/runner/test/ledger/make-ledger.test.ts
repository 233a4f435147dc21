import type { ProgramCounts } from '@ebpm/loader';
import { describe, expect, it } from 'vitest';
import { type LedgerParts, makeLedger } from '../../src/ledger/make-ledger.js';
import type { StreamTotals } from '../../src/session/stream.js';

const PROGRAM: ProgramCounts = {
  name: 'on_exec',
  recursionMisses: 0n,
  missedHits: 0n,
  countsEveryMiss: true,
  runs: 0n,
  runTimeNs: 0n,
};
const RING: StreamTotals = {
  name: 'events',
  events: 10,
  malformed: 0,
  lost: undefined,
  buffer: {
    kind: 'ring buffer',
    received: 10,
    broken: 0,
    lost: 0n,
    countsEveryLoss: false,
    highWaterBytes: 64,
    capacityBytes: 4096,
  },
};
const PERF: StreamTotals = {
  name: 'samples',
  events: 5,
  malformed: 0,
  lost: 0n,
  buffer: {
    kind: 'perf buffer',
    received: 5,
    broken: 0,
    lost: 0n,
    countsEveryLoss: true,
    highWaterBytes: 8,
    capacityBytes: 4096,
  },
};
const PARTS: LedgerParts = {
  package: 'tool',
  ended: 'signal',
  durationMs: 12.6,
  streams: [],
  unread: [],
  programs: [PROGRAM],
  countsRuns: false,
  refusals: { kind: 'not asked' },
  full: new Map(),
};

function counted(byMap: Readonly<Record<string, bigint>>, missed = 0n): LedgerParts['refusals'] {
  return { kind: 'counted', byMap: new Map(Object.entries(byMap)), missed };
}

describe('makeLedger() says that a run is complete', () => {
  it.each<[string, Partial<LedgerParts>]>([
    ['without any buffer', {}],
    ['with a perf buffer that lost nothing', { streams: [PERF] }],
    ['with a ring buffer that was counted and refused nothing', { streams: [RING], refusals: counted({ events: 0n }) }],
    ['with a map that is full and was counted', { refusals: counted({ starts: 0n }), full: new Map() }],
    ['with a map that is not full', { full: new Map([['starts', false]]) }],
  ])('%s', (_, parts) => {
    expect(makeLedger({ ...PARTS, ...parts })).toMatchObject({ complete: true, why: [], durationMs: 13 });
  });
});

describe('makeLedger() says that a run is not complete, and why', () => {
  it.each<[string, Partial<LedgerParts>, object]>([
    [
      'a counted ring buffer refused events',
      { streams: [RING], refusals: counted({ events: 7n }) },
      { kind: 'events-refused', map: 'events', buffer: 'ring buffer', count: 7 },
    ],
    [
      'a perf buffer lost events',
      { streams: [{ ...PERF, lost: 3n }] },
      { kind: 'events-refused', map: 'samples', buffer: 'perf buffer', count: 3 },
    ],
    [
      'a map refused entries',
      { refusals: counted({ starts: 2n }) },
      { kind: 'entries-refused', map: 'starts', count: 2 },
    ],
    [
      'records were malformed',
      { streams: [{ ...PERF, malformed: 4 }] },
      { kind: 'malformed', stream: 'samples', count: 4 },
    ],
    [
      'a batch was broken',
      { streams: [{ ...PERF, buffer: { ...PERF.buffer, broken: 1 } as never }] },
      { kind: 'broken', stream: 'samples', count: 1 },
    ],
    [
      'runs were left out',
      { programs: [{ ...PROGRAM, recursionMisses: 2n, missedHits: 3n }] },
      { kind: 'runs-missed', program: 'on_exec', count: 5 },
    ],
  ])('%s', (_, parts, reason) => {
    expect(makeLedger({ ...PARTS, ...parts })).toMatchObject({ complete: false, why: [reason] });
  });
});

describe('makeLedger() says that nobody knows, and why', () => {
  it.each<[string, Partial<LedgerParts>, object]>([
    [
      'nobody reads a buffer',
      { unread: [{ map: 'others', buffer: 'perf buffer' }] },
      { kind: 'not-read', map: 'others', buffer: 'perf buffer' },
    ],
    ['a ring buffer was not counted', { streams: [RING] }, { kind: 'refusals-not-counted', map: 'events' }],
    [
      'a ring buffer cannot be counted',
      { streams: [RING], refusals: { kind: 'uncountable', reason: 'no BTF' } },
      { kind: 'refusals-uncountable', map: 'events', reason: 'no BTF' },
    ],
    [
      'the counting was interrupted',
      { streams: [RING], refusals: counted({ events: 0n }, 2n) },
      { kind: 'refusals-half-counted', count: 2 },
    ],
    [
      'the kernel tells of losses late',
      { streams: [{ ...PERF, buffer: { ...PERF.buffer, countsEveryLoss: false } as never }] },
      { kind: 'perf-losses-late', map: 'samples' },
    ],
    ['a map is full and was not counted', { full: new Map([['starts', true]]) }, { kind: 'map-full', map: 'starts' }],
    [
      'the kernel does not count what it leaves out',
      { programs: [{ ...PROGRAM, countsEveryMiss: false }, PROGRAM] },
      { kind: 'misses-not-counted', programs: ['on_exec'] },
    ],
  ])('%s', (_, parts, reason) => {
    expect(makeLedger({ ...PARTS, ...parts })).toMatchObject({ complete: 'unknown', why: [reason] });
  });
});

it('makeLedger() puts what is lost before what is not known, and adds streams up', () => {
  const ledger = makeLedger({ ...PARTS, streams: [RING, { ...PERF, lost: 1n }] });
  expect(ledger.complete).toBe(false);
  expect(ledger.why.map(({ kind }) => kind)).toEqual(['events-refused', 'refusals-not-counted']);
  expect(ledger).toMatchObject({ received: 15, shown: 15 });
  expect(ledger.streams.map(({ lost }) => lost)).toEqual([null, 1]);
});

it('makeLedger() has runs and run time only when they were counted', () => {
  const programs = [{ ...PROGRAM, runs: 4n, runTimeNs: 1000n }];
  expect(makeLedger({ ...PARTS, programs }).programs[0]).toMatchObject({ runs: null, runTimeNs: null });
  expect(makeLedger({ ...PARTS, programs, countsRuns: true }).programs[0]).toMatchObject({ runs: 4, runTimeNs: 1000 });
});
