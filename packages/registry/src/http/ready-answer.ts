// Node checks every header of every answer, and gives the kernel head, body and end as three pieces: about a quarter of the time that an
// answer from memory takes. Here what is sent again and again is one text, put together once; only the date and the request's id change.

import { type ServerResponse, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Clock } from '../clock.js';
import { HTTP_LIMITS, MEMORY_LIMITS } from '../limits.js';

/** What is the same whenever it is sent. */
export interface ReadyParts {
  readonly status: 200 | 304;
  /** All headers of the answer, the length of its body among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What is sent once. */
export interface OwnParts {
  readonly requestId: string;
  /** A line that `dateLine` made. */
  readonly date: string;
}

/** An answer to GET that can be sent many times. */
export class ReadyAnswer {
  readonly #parts: ReadyParts;
  readonly #start: string;
  readonly #end: string;
  /** A body that is cheaper to send as it is. */
  readonly #long: Buffer | undefined;

  constructor(parts: ReadyParts) {
    const { status, headers, body } = parts;
    this.#parts = parts;
    this.#start = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headerLines(headers)}${STAYS_OPEN}`;
    this.#long = body !== undefined && body.length > MEMORY_LIMITS.textSizeBytes ? body : undefined;
    this.#end = `\r\n\r\n${this.#long === undefined && body !== undefined ? body.toString('latin1') : ''}`;
  }

  /** Sends it as Node would. Where the connection is to end, Node does. */
  send(response: ServerResponse, { requestId, date }: OwnParts): void {
    const { status, headers, body } = this.#parts;
    const text = `${this.#start}${date}ebpm-request-id: ${requestId}${this.#end}`;
    if (response.shouldKeepAlive && setHead(response, text)) {
      response.statusCode = status;
      response.end(this.#long);
    } else {
      response.writeHead(status, { ...headers, 'ebpm-request-id': requestId });
      response.end(body);
    }
  }
}

/** Gives the line with the date, which is made once a second (RFC 9110 section 6.6.1). */
export function dateLine(clock: Pick<Clock, 'nowMs'>): () => string {
  let second = Number.NaN;
  let line = '';
  return () => {
    const now = Math.floor(clock.nowMs() / 1000);
    if (now !== second) {
      second = now;
      line = `date: ${new Date(now * 1000).toUTCString()}\r\n`;
    }
    return line;
  };
}

/** What Node says on a connection that waits for the next request. */
const STAYS_OPEN = `connection: keep-alive\r\nkeep-alive: timeout=${HTTP_LIMITS.keepAliveTimeoutMs / 1000}\r\n`;

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      return `${name}: ${value}\r\n`;
    })
    .join('');
}

/** Puts the text where Node keeps a head that it has made, which is not documented. Where it is not there, nothing was done. */
function setHead(response: ServerResponse & { _header?: string }, text: string): boolean {
  response._header = text;
  return response.headersSent;
}
