import { MAX_SUBSCRIPTIONS } from '../limits.js';
import { need } from '../open-files.js';
import { RIGHT } from '../rights.js';
import { errnoOf, WasiError } from '../wasi-error.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';
import { clockNs } from './clocks.js';

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const KIND = { clock: 0, read: 1, write: 2 } as const;
const ABSOLUTE = 1;
const HANGUP = 1;

/** What has happened; or, for a timer that runs, when it will. */
interface Outcome {
  readonly userdata: bigint;
  readonly kind: number;
  readonly errno: number;
  readonly bytes: bigint;
  readonly flags: number;
  readonly remainingNs: bigint;
}

/**
 * Files and streams are always ready, so that a guest waits only where it waits for nothing but timers: until the first of them has run out.
 */
export function pollCalls(wasi: Wasi): Readonly<Record<string, WasiCall>> {
  const { memory, sleep } = wasi.host;
  return {
    poll_oneoff: (input: number, output: number, count: number, happened: number) => {
      const asked = count >>> 0;
      if (asked === 0 || asked > MAX_SUBSCRIPTIONS) throw new WasiError('EINVAL');
      const subscriptions = memory.struct(input, asked * SUBSCRIPTION_BYTES);
      // The events may be written over what was asked: all of it is read before.
      const outcomes = Array.from({ length: asked }, (_, index) => look(wasi, subscriptions, index));
      memory.bytes(output, asked * EVENT_BYTES);
      const waitNs = outcomes.reduce(
        (least, { remainingNs }) => min(least, remainingNs),
        outcomes[0]?.remainingNs ?? 0n,
      );
      if (waitNs > 0n) sleep.call(wasi.host, Number(waitNs) / 1e6);
      const done = outcomes.filter(({ remainingNs }) => remainingNs <= waitNs);
      const events = memory.struct(output, asked * EVENT_BYTES);
      for (const [index, outcome] of done.entries()) putEvent(events, index * EVENT_BYTES, outcome);
      memory.setU32(happened, done.length);
    },
  };
}

function look(wasi: Wasi, subscriptions: DataView, index: number): Outcome {
  const at = index * SUBSCRIPTION_BYTES;
  const kind = subscriptions.getUint8(at + 8);
  const outcome = {
    userdata: subscriptions.getBigUint64(at, true),
    kind,
    errno: 0,
    bytes: 0n,
    flags: 0,
    remainingNs: 0n,
  };
  try {
    if (kind === KIND.clock) return { ...outcome, remainingNs: remaining(wasi, subscriptions, at + 16) };
    if (kind === KIND.read || kind === KIND.write) {
      return { ...outcome, ...ready(wasi, subscriptions.getUint32(at + 16, true), kind) };
    }
  } catch (error) {
    return { ...outcome, errno: errnoOf(error) };
  }
  throw new WasiError('EINVAL');
}

/** A timer: clock, time, precision, and whether the time is one of the clock's or counts from now. */
function remaining({ host }: Wasi, subscriptions: DataView, at: number): bigint {
  const now = clockNs(host.clock, subscriptions.getUint32(at, true));
  const timeNs = subscriptions.getBigUint64(at + 8, true);
  const flags = subscriptions.getUint16(at + 24, true);
  if ((flags & ~ABSOLUTE) !== 0) throw new WasiError('EINVAL');
  if (flags !== ABSOLUTE) return timeNs;
  return timeNs > now ? timeNs - now : 0n;
}

/** How many bytes can be read at once; stdin is at its end. */
function ready({ host, files }: Wasi, fd: number, kind: number): Pick<Outcome, 'bytes' | 'flags'> {
  const file = files.get(fd);
  need(file, RIGHT.pollFdReadwrite | (kind === KIND.read ? RIGHT.fdRead : RIGHT.fdWrite));
  if (kind === KIND.write || file.kind === 'directory') return { bytes: 0n, flags: 0 };
  if (file.kind === 'stream') return { bytes: 0n, flags: HANGUP };
  const left = host.files.state(file.fd).sizeBytes - file.position;
  return { bytes: left > 0n ? left : 0n, flags: 0 };
}

function putEvent(events: DataView, at: number, { userdata, errno, kind, bytes, flags }: Outcome): void {
  events.setBigUint64(at, userdata, true);
  events.setBigUint64(at + 8, 0n, true);
  events.setUint16(at + 8, errno, true);
  events.setUint8(at + 10, kind);
  events.setBigUint64(at + 16, bytes, true);
  events.setBigUint64(at + 24, BigInt(flags), true);
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
