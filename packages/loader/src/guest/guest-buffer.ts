import { loadBinding, type NativeGuestBuffer } from '../binding.js';
import { DEFAULT_BATCH_BYTES, MAX_BATCH_BYTES } from '../limits.js';
import type { LentPerf } from './driven-object.js';

/** The events of a map, for somebody who asks for them and waits, by descriptors that another process has opened. */
export class GuestBuffer {
  /** What `read` has brought, as `Batch` describes it. */
  bytes = new Uint8Array(DEFAULT_BATCH_BYTES);
  readonly #native: NativeGuestBuffer;

  /** @param fd a ring buffer's, which is only borrowed. @throws NativeFailure */
  static ofRing(fd: number): GuestBuffer {
    return new GuestBuffer(loadBinding().openGuestRing(fd));
  }

  /** The descriptors are the buffer's from then on. @throws NativeFailure */
  static ofPerf({ descriptors, cpus, pages }: LentPerf): GuestBuffer {
    return new GuestBuffer(loadBinding().openGuestPerf(Int32Array.from(descriptors), Int32Array.from(cpus), pages));
  }

  private constructor(native: NativeGuestBuffer) {
    this.#native = native;
  }

  /**
   * Bytes of the records that are there now, moved into `bytes`; 0 when there are none.
   *
   * @throws NativeFailure where the buffer makes no sense any more
   */
  read(): number {
    const size = this.#native.read(this.bytes);
    if (size >= 0) return size;
    // A record that is larger than the batch.
    if (-size > MAX_BATCH_BYTES) throw new RangeError(`an event of ${-size} bytes is larger than any batch`);
    this.bytes = new Uint8Array(-size);
    return this.#native.read(this.bytes);
  }

  /** Waits for events, for something to read from `controlFd`, or for the time to pass; -1 ms is for ever. */
  wait(controlFd: number, timeoutMs: number): 'timeout' | 'events' | 'control' {
    return (['timeout', 'events', 'control'] as const)[this.#native.wait(controlFd, timeoutMs)];
  }

  /** Events that the kernel says it could not keep; always 0 for a ring buffer. */
  get lost(): number {
    return this.#native.lost();
  }

  /** Safe to call twice. */
  close(): void {
    this.#native.close();
  }
}
