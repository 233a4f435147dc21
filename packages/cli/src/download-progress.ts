import { printable } from '@ebpm/events';
import type { Output } from './context.js';

/** Shorter downloads need no words. */
const SILENT_MS = 1_000;

/** Between two updates of the lines. */
const UPDATE_MS = 100;

/** How wide a terminal is that does not say it: a serial console says 0. */
const COLUMNS = 80;

/** What a number counts: bytes, or things such as archives. */
export type ProgressUnit = 'bytes' | 'things';

interface Download {
  readonly done: number;
  readonly of: number | undefined;
}

/** A line on a terminal for each download that is under way, once it has taken a second. Anything else than a terminal gets nothing. */
export class DownloadProgress {
  readonly #terminal: Output;
  readonly #nowMs: () => number;
  readonly #unit: ProgressUnit;
  readonly #startMs: number;
  readonly #under = new Map<string, Download>();
  #finished = 0;
  #shownMs = 0;
  #lines = 0;

  constructor(terminal: Output, nowMs: () => number, unit: ProgressUnit = 'bytes') {
    this.#terminal = terminal;
    this.#nowMs = nowMs;
    this.#unit = unit;
    this.#startMs = nowMs();
  }

  /** Says how much of something has arrived; of how much, where that is known. */
  update(name: string, done: number, of: number | undefined): void {
    if (of !== undefined && done >= of) {
      this.#under.delete(name);
      this.#finished++;
    } else this.#under.set(name, { done, of });
    const nowMs = this.#nowMs();
    if (this.#terminal.isTTY !== true || nowMs - this.#startMs < SILENT_MS || nowMs - this.#shownMs < UPDATE_MS) return;
    this.#shownMs = nowMs;
    this.#draw();
  }

  /** Takes the lines away. */
  close(): void {
    if (this.#lines > 0) this.#terminal.write(this.#back());
    this.#lines = 0;
  }

  #draw(): void {
    const columns = this.#terminal.columns || COLUMNS;
    const width = Math.max(0, ...[...this.#under.keys()].map((name) => printable(name).length));
    const lines = [...this.#under].map(([name, one]) => {
      const text = `${printable(name).padEnd(width)}  ${bar(one)}${share(one, this.#unit)}`;
      // A line that the terminal breaks would be two, and one of them would stay.
      return text.slice(0, columns - 1);
    });
    if (this.#finished > 0) lines.push(`${this.#finished} done`);
    this.#terminal.write(`${this.#back()}${lines.map((line) => `${line}\n`).join('')}`);
    this.#lines = lines.length;
  }

  #back(): string {
    return this.#lines === 0 ? '' : `\x1b[${this.#lines}A${ERASE_BELOW}`;
  }
}

const BAR_WIDTH = 20;

function bar({ done, of }: Download): string {
  if (of === undefined) return '';
  const full = Math.floor((done * BAR_WIDTH) / of);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}] ${`${Math.floor((done * 100) / of)}`.padStart(3)} %  `;
}

function share({ done, of }: Download, unit: ProgressUnit): string {
  if (unit === 'things') return of === undefined ? `${done}` : `${done} of ${of}`;
  return of === undefined ? megabytes(done) : `${megabytes(done)} of ${megabytes(of)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** "Erase in page" from the cursor on; `ESC [ n A` moves it up: ECMA-48 sections 8.3.39 and 8.3.22. */
const ERASE_BELOW = '\x1b[J';
