import type { RunningObject } from '@ebpm/loader';
import type { Stream } from '../session/stream.js';
import { monotonicMs } from './monotonic-ms.js';

/** How a session goes, at one moment. */
export interface LiveCounts {
  /** Since the programs were attached. */
  readonly elapsedMs: number;
  readonly received: number;
  readonly shown: number;
  /** Known so far. */
  readonly lost: bigint;
  /** Whether every buffer's losses are counted, and every run that is left out. */
  readonly countsEveryLoss: boolean;
  /** Of the buffer that was fullest so far: 1 is full, 0 where there is no buffer. */
  readonly fullest: number;
  /** Of all programs; 0 unless run statistics are on. */
  readonly runs: bigint;
  readonly runTimeNs: bigint;
  /** Runs that were left out. */
  readonly missedRuns: bigint;
}

interface Counted {
  readonly running: RunningObject;
  readonly streams: readonly Stream[];
  readonly startedMs: number;
  /** By map, where that is counted. */
  readonly refused: ReadonlyMap<string, bigint> | undefined;
}

/** Adds up what streams and programs have counted so far. */
export function liveCounts({ running, streams, startedMs, refused }: Counted): LiveCounts {
  const totals = streams.map((stream) => stream.totals());
  const programs = running.programCounts();
  const perfLosses = totals.map(({ lost }) => lost ?? 0n);
  return {
    elapsedMs: monotonicMs() - startedMs,
    received: totals.reduce((sum, { buffer, events }) => sum + (buffer?.received ?? events), 0),
    shown: totals.reduce((sum, { events }) => sum + events, 0),
    lost: [...perfLosses, ...(refused?.values() ?? [])].reduce((sum, count) => sum + count, 0n),
    countsEveryLoss:
      programs.every(({ countsEveryMiss }) => countsEveryMiss) &&
      totals.every(({ name, buffer }) => buffer?.countsEveryLoss ?? refused?.has(name) ?? true),
    fullest: Math.max(0, ...totals.map(({ buffer }) => (buffer?.highWaterBytes ?? 0) / (buffer?.capacityBytes || 1))),
    runs: programs.reduce((sum, { runs }) => sum + runs, 0n),
    runTimeNs: programs.reduce((sum, { runTimeNs }) => sum + runTimeNs, 0n),
    missedRuns: programs.reduce((sum, { recursionMisses, missedHits }) => sum + recursionMisses + missedHits, 0n),
  };
}
