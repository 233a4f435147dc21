import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import { HTTP_LIMITS } from '../limits.js';

/**
 * Memory for bodies that come in. Large ones lie in memory that threads share, and that is used again: fresh memory is given out by the
 * kernel page by page, and while it does so nobody gets an answer. Behind the end of a body there may be bytes of one before; what is
 * given out ends where the body ends, and is to be filled as a whole.
 */
export class UploadMemory {
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  /** Those given back last are at the end. */
  #free: SharedArrayBuffer[] = [];
  #forgetting: Promise<void> | undefined;
  /** Takes what it is sent and has nobody who listens. */
  readonly #nowhere: MessagePort;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nowhere = new MessageChannel().port1;
    this.#nowhere.close();
  }

  /** How many bytes wait to be used again. */
  get freeBytes(): number {
    return this.#free.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Memory for a body of this size, which is not zeroed. */
  take(sizeBytes: number): Buffer {
    const { smallBodySizeBytes, largeBodySizeBytes } = HTTP_LIMITS;
    if (sizeBytes <= smallBodySizeBytes) return Buffer.allocUnsafeSlow(sizeBytes);
    if (sizeBytes <= largeBodySizeBytes) return Buffer.from(new SharedArrayBuffer(sizeBytes));
    const wantedBytes = roundedSize(sizeBytes);
    const place = this.#free.findLastIndex(({ byteLength }) => byteLength >= wantedBytes);
    const [found = new SharedArrayBuffer(wantedBytes)] = place < 0 ? [] : this.#free.splice(place, 1);
    return Buffer.from(found, 0, sizeBytes);
  }

  /** Takes back what `take` gave. Nobody may read it any more; it need not be given back, then it is used once. */
  giveBack({ buffer }: Uint8Array): void {
    if (!(buffer instanceof SharedArrayBuffer) || buffer.byteLength <= HTTP_LIMITS.largeBodySizeBytes) return;
    this.#free.push(buffer);
    while (this.freeBytes > HTTP_LIMITS.freeUploadsSizeBytes) this.#free.shift();
    this.#forgetting ??= this.#forgetLater();
  }

  /**
   * Frees the memory of a piece of a body now, and not when it is collected: the next piece then gets the same memory, which the kernel
   * need not give out again. Nobody may read it any more. A piece that is part of what others use is left alone.
   */
  drop({ buffer, byteLength }: Uint8Array): void {
    // What is sent to a port is taken from the sender (HTML, "message ports"). What was taken has no bytes, and Node 22 refuses it.
    if (buffer instanceof ArrayBuffer && byteLength > 0 && buffer.byteLength === byteLength)
      this.#nowhere.postMessage(undefined, [buffer]);
  }

  /** Forgets what is free. Safe to call twice. */
  close(): void {
    this.#closing.abort();
  }

  async #forgetLater(): Promise<void> {
    await this.#clock.sleep(HTTP_LIMITS.freeUploadsMs, this.#closing.signal);
    this.#free = [];
    this.#forgetting = undefined;
  }
}

/** The next power of two, so that what was given back fits others, but no more than the largest body. */
function roundedSize(sizeBytes: number): number {
  return Math.min(2 ** Math.ceil(Math.log2(sizeBytes)), HTTP_LIMITS.packageSizeBytes);
}
