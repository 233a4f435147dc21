import { printable } from '@ebpm/events';
import type { Output } from './context.js';

/** Shorter downloads need no words. */
const SILENT_MS = 1_000;

/** Between two updates of the line. */
const UPDATE_MS = 100;

/** One line on a terminal that says how far a download is, once it has taken a second. */
export class DownloadProgress {
  readonly #terminal: Output;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #shownMs = 0;

  constructor(terminal: Output, nowMs: () => number) {
    this.#terminal = terminal;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** Says how much of a package has arrived; of how much, where that is known. */
  update(name: string, receivedBytes: number, totalBytes: number | undefined): void {
    const nowMs = this.#nowMs();
    if (this.#terminal.isTTY !== true || nowMs - this.#startMs < SILENT_MS || nowMs - this.#shownMs < UPDATE_MS) return;
    this.#shownMs = nowMs;
    this.#terminal.write(`${START_OF_LINE}${printable(name)}: ${share(receivedBytes, totalBytes)}`);
  }

  /** Takes the line away. */
  close(): void {
    if (this.#shownMs > 0) this.#terminal.write(START_OF_LINE);
    this.#shownMs = 0;
  }
}

function share(receivedBytes: number, totalBytes: number | undefined): string {
  if (totalBytes === undefined) return `${receivedBytes} bytes`;
  const percent = totalBytes > 0 ? Math.min(100, Math.floor((receivedBytes * 100) / totalBytes)) : 100;
  return `${percent} % of ${totalBytes} bytes`;
}

/** Carriage return and "erase in line": ECMA-48 section 8.3.41. */
const START_OF_LINE = '\r\x1b[K';
