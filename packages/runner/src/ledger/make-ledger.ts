import type { ProgramCounts } from '@ebpm/loader';
import type { SessionEnd } from '../session/first-end.js';
import type { StreamTotals } from '../session/stream.js';
import type { Ledger, LedgerMap, LedgerProgram, LedgerStream } from './ledger.js';
import { losses, unknowns } from './reasons.js';

/** What is known of what the maps refused. */
export type Refusals =
  /** Exactly, but for `missed` calls that were not looked at. */
  | { readonly kind: 'counted'; readonly byMap: ReadonlyMap<string, bigint>; readonly missed: bigint }
  /** Nobody asked for it. */
  | { readonly kind: 'not asked' }
  /** This kernel does not let us. */
  | { readonly kind: 'uncountable'; readonly reason: string };

/** A map of events that nobody reads. */
export interface UnreadBuffer {
  readonly map: string;
  readonly buffer: 'ring buffer' | 'perf buffer';
}

/** All that a ledger is made of. */
export interface LedgerParts {
  readonly package: string;
  readonly ended: SessionEnd;
  readonly durationMs: number;
  readonly streams: readonly StreamTotals[];
  /** Buffers that programs send events into and no stream reads. */
  readonly unread: readonly UnreadBuffer[];
  readonly programs: readonly ProgramCounts[];
  /** Whether the kernel counted runs. */
  readonly countsRuns: boolean;
  readonly refusals: Refusals;
  /** Of the maps that were looked at, whether they were full. */
  readonly full: ReadonlyMap<string, boolean>;
}

/** Draws up what was received and what was lost. */
export function makeLedger(parts: LedgerParts): Ledger {
  const streams = parts.streams.map((totals) => ledgerStream(totals, parts.refusals));
  const programs = parts.programs.map((counts) => ledgerProgram(counts, parts.countsRuns));
  const maps = ledgerMaps(parts);
  const lost = losses({ streams, programs, maps });
  const unknown = unknowns({ ...parts, maps });
  return {
    package: parts.package,
    ended: parts.ended,
    durationMs: Math.round(parts.durationMs),
    complete: lost.length > 0 ? false : unknown.length > 0 ? 'unknown' : true,
    why: [...lost, ...unknown],
    received: streams.reduce((sum, stream) => sum + stream.received, 0),
    shown: parts.streams.reduce((sum, { events }) => sum + events, 0),
    streams,
    programs,
    maps,
  };
}

function ledgerStream({ name, events, malformed, lost, buffer }: StreamTotals, refusals: Refusals): LedgerStream {
  const refused = refusals.kind === 'counted' && buffer?.kind === 'ring buffer' ? refusals.byMap.get(name) : undefined;
  const known = refused ?? lost;
  return {
    name,
    kind: buffer?.kind ?? 'other',
    received: buffer?.received ?? events + malformed,
    shown: events,
    lost: known === undefined ? null : Number(known),
    malformed,
    broken: buffer?.broken ?? 0,
    highWaterBytes: buffer?.highWaterBytes ?? null,
    capacityBytes: buffer?.capacityBytes ?? null,
  };
}

function ledgerProgram(counts: ProgramCounts, countsRuns: boolean): LedgerProgram {
  return {
    name: counts.name,
    recursionMisses: Number(counts.recursionMisses),
    missedHits: Number(counts.missedHits),
    countsEveryMiss: counts.countsEveryMiss,
    runs: countsRuns ? Number(counts.runs) : null,
    runTimeNs: countsRuns ? Number(counts.runTimeNs) : null,
  };
}

/** Maps other than the streams' own buffers, which have their place there. */
function ledgerMaps({ streams, refusals, full }: LedgerParts): readonly LedgerMap[] {
  const refused = refusals.kind === 'counted' ? refusals.byMap : new Map<string, bigint>();
  const buffers = new Set(streams.flatMap(({ name, buffer }) => (buffer === undefined ? [] : [name])));
  const names = new Set([...refused.keys(), ...full.keys()].filter((name) => !buffers.has(name)));
  return [...names].map((name) => {
    const count = refused.get(name);
    return { name, refused: count === undefined ? null : Number(count), full: full.get(name) ?? null };
  });
}
