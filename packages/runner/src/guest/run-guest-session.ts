import { Socket } from 'node:net';
import { constants } from 'node:os';
import { EbpmError } from '@ebpm/formats';
import { isNativeFailure, sendFrame } from '@ebpm/loader';
import { decodeMessage, encodeMessage, type GuestEnd, type GuestStart } from '@ebpm/wasm';
import type { Ledger } from '../ledger/ledger.js';
import { monotonicMs } from '../ledger/monotonic-ms.js';
import type { SessionEnd } from '../session/first-end.js';
import { type Answer, Broker, type BrokerOptions } from './broker.js';
import { BrokerTools, type StartTool } from './broker-tools.js';
import { FrameReader } from './frame-reader.js';
import { guestCall } from './guest-call.js';
import { guestLedger } from './guest-ledger.js';

/** The process in which a guest runs, as whoever started it sees it. */
export interface GuestProcessHandle {
  /** Our end of its channel, which the session closes. */
  readonly channel: number;
  /** Ends it at once, whatever it does. */
  kill(): void;
  /** It computes nothing until `resume`. Each is safe to call twice. */
  pause(): void;
  resume(): void;
  /** Resolves when it has ended, with what ended it in words. */
  readonly exited: Promise<string>;
}

/** What a session with a guest is told. */
export interface GuestSessionOptions extends BrokerOptions {
  readonly process: GuestProcessHandle;
  readonly module: Uint8Array;
  readonly start: GuestStart;
  /** Ends it cleanly. */
  readonly signal?: AbortSignal | undefined;
  /** Starts the tools that its package depends on; default: it has none. */
  readonly startTool?: StartTool | undefined;
  /** Milliseconds after which it is told to end, from when it, or a tool of it, attaches its first program; default: never. */
  readonly durationMs?: number | undefined;
}

/** How a session with a guest went. */
export interface GuestResult {
  readonly end: GuestEnd;
  readonly ledger: Ledger;
}

/** How long a guest has to attach its first program, where it may run for less: with many programs the verifier takes its time. */
const ATTACH_MS = 10_000;
/** How long a guest that was told to end may take. */
const GRACE_MS = 2000;

/**
 * Gives a guest's process its module, does what it asks as far as that was agreed to, and takes everything out of the kernel when it ends, however that happens.
 *
 * @throws EBPM_PERMISSIONS_EXCEEDED, EBPM_WASM_FAULT, EBPM_WASM_LIMIT, EBPM_WASM_ENDED
 */
export async function runGuestSession(options: GuestSessionOptions): Promise<GuestResult> {
  const { process: guest, signal, durationMs } = options;
  let isAttached = false;
  const onAttached = (what: string) => {
    options.onAttached?.(what);
    if (!isAttached) beginDuration();
    isAttached = true;
  };
  const broker = new Broker({ ...options, onAttached });
  const tools = new BrokerTools(options.startTool, onAttached);
  const socket = new Socket({ fd: guest.channel });
  const ending = new Ending(guest);
  const interrupt = () => ending.ask('signal');
  let duration: NodeJS.Timeout | undefined;
  const beginDuration = (ms = durationMs) => {
    clearTimeout(duration);
    if (ms !== undefined) duration = setTimeout(() => ending.ask('duration'), ms);
  };
  const startedMs = monotonicMs();
  try {
    begin(options);
    if (durationMs !== undefined) beginDuration(Math.max(durationMs, ATTACH_MS));
    signal?.addEventListener('abort', interrupt, { once: true });
    if (signal?.aborted) interrupt();
    const end = await conversation(socket, { guest, broker, tools, ending });
    await tools.close();
    broker.close();
    const ledger = guestLedger({
      name: options.name,
      end,
      ended: ending.asked ?? endOf(end),
      durationMs: Math.round(monotonicMs() - startedMs),
      broker,
    });
    return { end, ledger };
  } finally {
    clearTimeout(duration);
    signal?.removeEventListener('abort', interrupt);
    ending.close();
    broker.close();
    socket.destroy();
    guest.kill();
    await tools.close();
  }
}

/** How a guest is brought to its end: it is told, and killed when it takes too long. */
class Ending {
  readonly #guest: GuestProcessHandle;
  #timer: NodeJS.Timeout | undefined;
  #asked: 'signal' | 'duration' | undefined;
  #isKilled = false;

  constructor(guest: GuestProcessHandle) {
    this.#guest = guest;
  }

  /** Why it was told to end; undefined when it was not. */
  get asked() {
    return this.#asked;
  }

  /** Whether it took too long. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  ask(why: 'signal' | 'duration'): void {
    if (this.#asked !== undefined) return;
    this.#asked = why;
    this.#timer = setTimeout(() => {
      this.#isKilled = true;
      this.#guest.kill();
    }, GRACE_MS);
    this.#guest.resume();
    say(this.#guest, { stop: true });
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

interface Talking {
  readonly guest: GuestProcessHandle;
  readonly broker: Broker;
  readonly tools: BrokerTools;
  readonly ending: Ending;
}

/** Answers a guest's process until its last word. @throws as `runGuestSession` */
function conversation(socket: Socket, talking: Talking): Promise<GuestEnd> {
  const { guest, ending } = talking;
  const reader = new FrameReader();
  return new Promise((resolve, reject) => {
    socket.on('data', (piece: Uint8Array) => {
      try {
        const frames = reader.push(piece);
        if (frames === undefined) throw nonsense();
        for (const frame of frames) {
          const end = answerFrame(frame, talking, reject);
          if (end !== undefined) resolve(end);
        }
      } catch (error) {
        reject(error);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      void guest.exited.then((how) => reject(ending.isKilled ? tooSlow() : endedByItself(how)));
    });
  });
}

/** The last word, where it is that. What concerns tools is answered later; the guest waits for it. */
function answerFrame(
  frame: Uint8Array,
  { guest, broker, tools }: Talking,
  onFailure: (error: unknown) => void,
): GuestEnd | undefined {
  const message = decodeMessage(frame);
  const call = message && guestCall(message.header);
  if (message === undefined || call === undefined) throw nonsense();
  if (call.call === 'end') return call;
  const send = ({ answer, descriptors }: Answer) => say(guest, answer, descriptors);
  if (call.call === 'tool-start') tools.start(call.name, call.args, send).catch(onFailure);
  else if (call.call === 'tool-stop') tools.stop(call.tool).then(send).catch(onFailure);
  else send(broker.answer(call, message.blob));
  return undefined;
}

/** As with packages without a guest: a reader who has gone ends a run as Ctrl-C does. */
function endOf({ stopped }: GuestEnd): SessionEnd {
  if (stopped === 'enough') return 'events';
  return stopped === undefined ? 'done' : 'signal';
}

/** Gives it its module. One that has ended already has said why: the conversation tells. */
function begin({ process: { channel }, start, module, folders }: GuestSessionOptions): void {
  try {
    sendFrame(channel, encodeMessage(start, module), folders);
  } catch (error) {
    if (!isNativeFailure(error) || !GONE.has(error.errno)) throw error;
  }
}

/** Of a socket whose other end is closed; with the second it has left something unread. */
const GONE: ReadonlySet<number> = new Set([constants.errno.EPIPE, constants.errno.ECONNRESET]);

/** A guest that has ended meanwhile hears nothing: the conversation tells how it ended. */
function say({ channel }: GuestProcessHandle, what: object, descriptors: readonly number[] = []): void {
  try {
    sendFrame(channel, encodeMessage(what), descriptors);
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
  }
}

function nonsense(): EbpmError {
  return new EbpmError('EBPM_WASM_FAULT', 'The guest’s process asked for something that makes no sense');
}

function tooSlow(): EbpmError {
  const seconds = GRACE_MS / 1000;
  return new EbpmError('EBPM_WASM_LIMIT', `The guest was told to end and did not within ${seconds} s: it was killed`, {
    hint: 'It computes without ever calling the host, or waits in a callback: tell its author',
  });
}

function endedByItself(how: string): EbpmError {
  return new EbpmError('EBPM_WASM_ENDED', `The guest’s process ${how} before the guest was done`, {
    hint: 'dmesg says whether the kernel ended it for want of memory',
  });
}
