/** Where lines go in the end. */
export interface LineSink {
  write(text: string): void;
}

/** After this many characters, or this time, what was gathered is written. */
const MAX_LENGTH = 32_768;
const MAX_WAIT_MS = 200;

/** Gathers lines and writes many at once: a write for every request would take as long as the request. */
export class LineBuffer {
  readonly #sink: LineSink;
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Adds a line, without its end. */
  add(line: string): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= MAX_LENGTH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), MAX_WAIT_MS).unref();
  }

  /** Writes what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#sink.write(text);
  }
}
