import type { IncomingMessage } from 'node:http';
import { LineBuffer, type LineSink } from './line-buffer.js';

/** One request, answered. */
export interface AccessRecord {
  readonly id: string;
  readonly address: string;
  readonly request: IncomingMessage;
  readonly status: number;
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** The id of the token, which is no secret; undefined without one. */
  readonly token?: string | undefined;
}

/** Longer paths are no names. */
const MAX_PATH_LENGTH = 300;

/** Writes a line of JSON for every request. No header but the user agent is in it, so no token. */
export class AccessLog {
  readonly #lines: LineBuffer;
  readonly #nowMs: () => number;
  #second = { ms: 0, text: '' };

  constructor(sink: LineSink, nowMs: () => number) {
    this.#lines = new LineBuffer(sink);
    this.#nowMs = nowMs;
  }

  /** Writes one line, soon. */
  write({ id, address, request, status, sizeBytes, durationMs, token }: AccessRecord): void {
    const path = JSON.stringify((request.url ?? '').slice(0, MAX_PATH_LENGTH));
    const agent = request.headers['user-agent'];
    const more = `${token === undefined ? '' : `,"token":"${token}"`}${agent === undefined ? '' : `,"agent":${JSON.stringify(agent.slice(0, 200))}`}`;
    this.#lines.add(
      `{"level":30,"time":"${this.#time()}","msg":"request","reqId":"${id}","address":"${address}","method":"${request.method}","path":${path},"status":${status},"bytes":${sizeBytes},"ms":${durationMs.toFixed(1)}${more}}`,
    );
  }

  /** Writes what waits. */
  close(): void {
    this.#lines.flush();
  }

  /** RFC 3339 in milliseconds; what stands before them is made once a second. */
  #time(): string {
    const nowMs = this.#nowMs();
    const ms = nowMs % 1000;
    if (nowMs - ms !== this.#second.ms) {
      this.#second = { ms: nowMs - ms, text: new Date(nowMs - ms).toISOString().slice(0, 20) };
    }
    return `${this.#second.text}${String(ms).padStart(3, '0')}Z`;
  }
}
