import type { Output } from './context.js';
import { WAITING_OUTPUT_MAX_BYTES } from './limits.js';

/** Something that makes output, and can be told to wait. Each is safe to call twice. */
export interface Producer {
  pause(): void;
  resume(): void;
}

/**
 * Output of a producer that reuses its bytes, for a reader that may be slow, such as a pager. What the reader has not taken waits in
 * memory, up to a limit; then the producer waits too, and what it cannot keep meanwhile it counts as lost.
 */
export class PacedOutput {
  readonly #output: Output;
  #producer: Producer | undefined;
  #isCrowded = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Says who is to wait. */
  pace(producer: Producer): void {
    this.#producer = producer;
  }

  write(chunk: string | Uint8Array): void {
    const output = this.#output;
    // A file has taken everything when the call returns; a pipe or a socket goes on reading from these very bytes.
    const isTakenAtOnce = typeof chunk === 'string' || output.connecting === undefined;
    output.write(isTakenAtOnce ? chunk : Uint8Array.from(chunk));
    if (this.#isCrowded || (output.writableLength ?? 0) <= WAITING_OUTPUT_MAX_BYTES) return;
    this.#isCrowded = true;
    this.#producer?.pause();
    void this.taken().then(() => {
      this.#isCrowded = false;
      this.#producer?.resume();
    });
  }

  /** Resolves when too much waits no longer: at once, where it does not. */
  async room(): Promise<void> {
    if (this.#isCrowded) await this.taken();
  }

  /** Resolves when the reader has taken everything, or has gone. */
  taken(): Promise<void> {
    return taken(this.#output);
  }
}

/** Resolves when everything that was written has been taken, or the reader has gone. */
export async function taken(output: Output): Promise<void> {
  if ((output.writableLength ?? 0) === 0) return;
  await new Promise<void>((resolve) => {
    output.write('', () => resolve());
  });
}
