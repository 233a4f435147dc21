import type { Ledger, LedgerReason } from '@ebpm/runner';
import { cliRunLedgerKind, validate } from '@ebpm/schemas';
import { describe, expect, it } from 'vitest';
import { formatLedger } from '../src/format-ledger.js';
import { ledgerLine, ledgerRecord } from '../src/ledger-record.js';

const LEDGER: Ledger = {
  package: 'tool',
  ended: 'signal',
  durationMs: 1200,
  complete: true,
  why: [],
  received: 10,
  shown: 10,
  streams: [
    {
      name: 'events',
      kind: 'ring buffer',
      received: 10,
      shown: 10,
      lost: 0,
      malformed: 0,
      broken: 0,
      highWaterBytes: 64,
      capacityBytes: 4096,
    },
  ],
  programs: [
    { name: 'on_exec', recursionMisses: 0, missedHits: 0, countsEveryMiss: true, runs: 4, runTimeNs: 2_000_000 },
    { name: 'on_exit', recursionMisses: 0, missedHits: 0, countsEveryMiss: true, runs: null, runTimeNs: null },
  ],
  maps: [{ name: 'starts', refused: null, full: false }],
};
/** One of each kind. */
const REASONS: readonly LedgerReason[] = [
  { kind: 'events-refused', map: 'events', buffer: 'ring buffer', count: 1 },
  { kind: 'entries-refused', map: 'starts', count: 2 },
  { kind: 'malformed', stream: 'events', count: 3 },
  { kind: 'broken', stream: 'events', count: 1 },
  { kind: 'runs-missed', program: 'on_exec', count: 5 },
  { kind: 'not-read', map: 'others', buffer: 'ring buffer' },
  { kind: 'refusals-not-counted', map: 'events' },
  { kind: 'refusals-uncountable', map: 'events', reason: 'there is no BTF' },
  { kind: 'refusals-half-counted', count: 2 },
  { kind: 'perf-losses-late', map: 'events' },
  { kind: 'map-full', map: 'starts' },
  { kind: 'misses-not-counted', programs: ['a', 'b'] },
];

describe('formatLedger()', () => {
  it('formatLedger() says what came, that nothing was lost, how full the buffer was and what programs took', () => {
    expect(formatLedger(ledgerRecord(LEDGER))).toBe(
      [
        '10 events, nothing lost',
        '  ring buffer "events": at its fullest at least 64 of 4096 bytes',
        '  program "on_exec": 4 runs, 2.0 ms, 500000 ns each',
        '',
      ].join('\n'),
    );
  });

  it('formatLedger() has a line for every reason', () => {
    const text = formatLedger(ledgerRecord({ ...LEDGER, complete: 'unknown', why: REASONS }));
    expect(text.split('\n')[0]).toBe('10 events, losses unknown');
    expect(text.split('\n').slice(1, 1 + REASONS.length)).toEqual([
      '  1 event did not fit into ring buffer "events"',
      '  2 entries did not fit into map "starts"',
      '  3 records of "events" had less bytes than their type',
      '  1 batch of "events" could not be read to the end',
      '  program "on_exec" was left out 5 times while a program ran on that CPU',
      '  ring buffer "others" is not read, since the package does not say so: --event-type others=STRUCT shows it',
      '  what ring buffer "events" refuses when it is full is not counted: --ledger exact does that',
      '  what ring buffer "events" refuses when it is full cannot be counted here: there is no BTF',
      '  2 calls to full maps may not have been counted, for they interrupted the counting',
      '  this kernel tells of events that perf buffer "events" lost only with the next event (Linux 6.0 counts them)',
      '  map "starts" is full: what it refused is not counted, --ledger exact does that',
      '  this kernel does not count when it leaves out a run of programs "a", "b"',
    ]);
  });

  it('formatLedger() counts lost events, or says that it is not complete for other reasons', () => {
    const streams = LEDGER.streams.map((stream) => ({ ...stream, lost: 12 }));
    expect(formatLedger(ledgerRecord({ ...LEDGER, complete: false, streams }))).toMatch(/^10 events, 12 lost\n/);
    expect(formatLedger(ledgerRecord({ ...LEDGER, complete: false }))).toMatch(/^10 events, not complete\n/);
  });

  it('formatLedger() obeys no name', () => {
    const why: readonly LedgerReason[] = [{ kind: 'map-full', map: '\x1b]0;x\x07' }];
    expect(formatLedger(ledgerRecord({ ...LEDGER, complete: 'unknown', why }))).not.toContain('\x1b');
  });
});

describe('ledgerLine()', () => {
  it('ledgerLine() fits its schema and is one line of ASCII', () => {
    const record = ledgerRecord({ ...LEDGER, package: 'ü\u202e\u009b\x1b', complete: false, why: REASONS });
    const line = ledgerLine(record);
    expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(line)).toEqual(record);
    expect(validate(cliRunLedgerKind, JSON.parse(line))).toMatchObject({ ok: true });
  });
});
