// Answers that everybody may see are kept as they were sent, by the URL as it was asked for, so that the next one who asks is
// answered before a route, a hook or a validator runs. An answer counts as long as both logs are where they were when it was made,
// and for a few seconds at most, since names of people may change. When there is no room, what nobody has asked for since the last
// look is dropped first.

import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import { MEMORY_LIMITS } from '../limits.js';
import type { Position } from '../log/entry.js';
import { type Encoding, type Encodings, encodingFor } from './encodings.js';
import { matchesEtag } from './etag.js';
import { dateLine, ReadyAnswer } from './ready-answer.js';
import type { Logs } from './seen-positions.js';

/** The parts of a request that decide whether memory may answer it. */
export interface PlainRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An answer that everybody may see. */
export interface SharedAnswer {
  readonly url: string;
  readonly etag: string;
  /** All headers but the request's id, `etag`, and those of length and encoding. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Encodings;
  /** Called whenever it is sent once more. */
  readonly onSent?: (() => void) | undefined;
}

/** What memory did with a request, for the access log and the metrics. */
export interface MemoryOutcome {
  readonly status: 200 | 304;
  readonly sizeBytes: number;
}

interface Kept extends SharedAnswer {
  readonly log: Position;
  readonly accounts: Position;
  readonly untilMs: number;
  readonly ready: Record<Encoding | 'unchanged', ReadyAnswer | undefined>;
  isAskedFor: boolean;
}

/** What the answers of one process work with. */
export interface MemoryAnswersOptions {
  readonly logs: Logs;
  readonly clock: Clock;
  readonly maxSizeBytes: number;
}

/** The answers kept in memory. */
export class MemoryAnswers {
  readonly #options: MemoryAnswersOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #date: () => string;
  #sizeBytes = 0;

  constructor(options: MemoryAnswersOptions) {
    this.#options = options;
    this.#date = dateLine(options.clock);
  }

  /** How much is kept. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Keeps an answer that was made while the logs were at these positions. */
  keep(answer: SharedAnswer, at: { readonly log: Position; readonly accounts: Position }): void {
    const { clock, maxSizeBytes } = this.#options;
    this.#drop(answer.url);
    const sizeBytes = sizeOf(answer);
    if (sizeBytes > maxSizeBytes / MEMORY_LIMITS.smallestShare) return;
    this.#kept.set(answer.url, {
      ...answer,
      ...at,
      untilMs: clock.elapsedMs() + MEMORY_LIMITS.answerMs,
      ready: { identity: undefined, gzip: undefined, br: undefined, unchanged: undefined },
      isAskedFor: false,
    });
    this.#sizeBytes += sizeBytes;
    this.#makeRoom();
  }

  /** Answers from memory if that is what the client would get from the route as well; undefined: ask the route. */
  answer(request: PlainRequest, response: ServerResponse, requestId: string): MemoryOutcome | undefined {
    const kept = request.method === 'GET' ? this.#kept.get(request.url ?? '') : undefined;
    if (kept === undefined || !isPlain(request) || !this.#isCurrent(kept)) return undefined;
    kept.isAskedFor = true;
    const { headers } = request;
    const { ready, etag } = kept;
    const own = { requestId, date: this.#date() };
    if (matchesEtag(headers['if-none-match'], etag)) {
      ready.unchanged ??= new ReadyAnswer({ status: 304, headers: { ...kept.headers, etag } });
      ready.unchanged.send(response, own);
      return { status: 304, sizeBytes: 0 };
    }
    const encoding = encodingFor(headers['accept-encoding'], kept.body);
    const body = kept.body.ready(encoding);
    if (body === undefined) return undefined;
    ready[encoding] ??= new ReadyAnswer({
      status: 200,
      headers: { ...kept.headers, ...contentHeaders(etag, encoding, body) },
      body,
    });
    kept.onSent?.();
    ready[encoding].send(response, own);
    return { status: 200, sizeBytes: body.length };
  }

  #isCurrent({ log, accounts, untilMs, url }: Kept): boolean {
    const { logs, clock } = this.#options;
    const isCurrent = log === logs.log.head() && accounts === logs.accountsLog.head() && clock.elapsedMs() < untilMs;
    if (!isCurrent) this.#drop(url);
    return isCurrent;
  }

  #makeRoom(): void {
    for (const [url, kept] of this.#kept) {
      if (this.#sizeBytes <= this.#options.maxSizeBytes) return;
      this.#kept.delete(url);
      if (kept.isAskedFor) this.#kept.set(url, kept);
      else this.#sizeBytes -= sizeOf(kept);
      kept.isAskedFor = false;
    }
  }

  #drop(url: string): void {
    const kept = this.#kept.get(url);
    if (kept === undefined) return;
    this.#kept.delete(url);
    this.#sizeBytes -= sizeOf(kept);
  }
}

/** The headers that depend on how the body is sent. A compressed one has other bytes, so that its tag is weak. */
export function contentHeaders(etag: string, encoding: Encoding, body: Buffer): Record<string, string> {
  if (encoding === 'identity') return { etag, 'content-length': String(body.length) };
  const weak = etag.startsWith('W/') ? etag : `W/${etag}`;
  return { etag: weak, 'content-length': String(body.length), 'content-encoding': encoding };
}

/** Whoever says who he is, wants a part or has seen something newer gets his answer from the route; and so does who sends a body. */
function isPlain({ headers }: PlainRequest): boolean {
  return (
    headers['authorization'] === undefined &&
    headers['range'] === undefined &&
    headers['ebpm-min-seq'] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers['expect'] === undefined
  );
}

/** What it takes, its compressed forms, their texts and the headers included. */
function sizeOf({ body, url }: SharedAnswer): number {
  return body.sizeBytes * 2 + Math.min(body.sizeBytes, MEMORY_LIMITS.textSizeBytes) * 2 + url.length + 4_000;
}
