import type { PrinterOptions } from './printer.js';
import { utf8Bytes } from './write/write-text.js';

/** The clock that is read when an event is printed; `none` leaves it out. */
export type TimestampKind = 'local' | 'utc' | 'monotonic' | 'none';

/** Every clock, for the command line. */
export const TIMESTAMP_KINDS = ['local', 'utc', 'monotonic', 'none'] as const satisfies readonly TimestampKind[];

/** How a format writes times: short for people, in full for programs. */
export type TimestampStyle = 'short' | 'full';

/** The time that stands before each event of a batch. */
export interface Timestamp {
  /** Terminal columns that it usually takes. */
  readonly width: number;
  /** What it is called over a column of a table. */
  readonly title: string;
  /** The text, the same for all events of a batch. Generated code reads it for each row. */
  bytes: Uint8Array;
  /** Reads the clock. */
  update(): void;
}

/** The longest text that any clock gives, in bytes. */
export const TIMESTAMP_BYTES = 32;

/**
 * A clock in a style; undefined for `none`.
 *
 *     short   HH:MM:SS   HH:MM:SSZ   seconds since boot with nine places
 *     full    ISO 8601 with milliseconds and offset or Z; nanoseconds since boot
 *
 * @throws TypeError for the monotonic clock without a function that reads it
 */
export function timestamp(
  kind: TimestampKind,
  style: TimestampStyle,
  { now = Date.now, monotonicNs }: PrinterOptions,
): Timestamp | undefined {
  switch (kind) {
    case 'none':
      return undefined;
    case 'monotonic':
      if (monotonicNs === undefined) throw new TypeError('monotonic timestamps need a clock');
      return ticking(style === 'short' ? 'TIME(s)' : 'TIME', 16, () =>
        style === 'short' ? seconds(monotonicNs()) : monotonicNs().toString(),
      );
    case 'utc':
      return ticking('TIME', 9, () => {
        const iso = new Date(now()).toISOString();
        return style === 'short' ? iso.slice(11, 19).concat('Z') : iso;
      });
    case 'local':
      return ticking('TIME', 8, () => {
        const date = new Date(now());
        return style === 'short' ? timeOfDay(date) : isoLocal(date);
      });
  }
}

function ticking(title: string, width: number, read: () => string): Timestamp {
  const stamp: Timestamp = {
    title,
    width,
    bytes: new Uint8Array(0),
    update: () => {
      stamp.bytes = utf8Bytes(read());
    },
  };
  return stamp;
}

/** Padded on the left, so that the points align until a machine has run for 11 days. */
function seconds(ns: bigint): string {
  return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`.padStart(16);
}

function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** ISO 8601 in local time, with the offset from UTC. */
function isoLocal(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
