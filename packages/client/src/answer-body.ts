import type { HttpAnswer } from './http.js';

/** An answer that can be continued where it broke off, since whoever asks for it knows its digest. */
export interface Continued {
  /** The beginning, from an earlier time; may be empty. */
  readonly begun: Uint8Array;
  /** Called with each part that comes in, in order; `restarted` says that the beginning was of no use, and nothing before counts. */
  readonly onPart?: (part: Uint8Array, restarted: boolean) => Promise<void>;
}

/** What has arrived of an answer, over several attempts. */
export class AnswerBody {
  readonly #continued: Continued | undefined;
  #parts: Uint8Array[];
  #size: number;
  #etag: string | undefined;
  #restarted = false;

  constructor(continued?: Continued) {
    this.#continued = continued;
    this.#parts = continued === undefined ? [] : [continued.begun];
    this.#size = continued?.begun.length ?? 0;
  }

  get size(): number {
    return this.#size;
  }

  /** What asks for the rest alone. RFC 9110 sections 13.1.5 and 14.2. */
  get headers(): Readonly<Record<string, string>> {
    if (this.#continued === undefined || this.#size === 0) return {};
    return { range: `bytes=${this.#size}-`, ...(this.#etag !== undefined && { 'if-range': this.#etag }) };
  }

  /** Looks at the head of an answer: whether it goes on where the last one broke off, or is the whole once more. */
  begin({ status, headers }: Omit<HttpAnswer, 'body'>): void {
    const { etag, 'content-range': range } = headers;
    const goesOn = status === 206 && typeof range === 'string' && range.startsWith(`bytes ${this.#size}-`);
    if (!goesOn) this.restart();
    // A weak one does not say that the bytes are the same.
    if (typeof etag === 'string' && etag.startsWith('"')) this.#etag = etag;
  }

  /** Forgets what has arrived. */
  restart(): void {
    this.#parts = [];
    this.#restarted ||= this.#size > 0;
    this.#size = 0;
  }

  async add(part: Uint8Array): Promise<void> {
    this.#parts.push(part);
    this.#size += part.length;
    const restarted = this.#restarted;
    this.#restarted = false;
    await this.#continued?.onPart?.(part, restarted);
  }

  whole(): Uint8Array {
    const [only, second] = this.#parts;
    return only !== undefined && second === undefined ? only : Buffer.concat(this.#parts, this.#size);
  }
}
