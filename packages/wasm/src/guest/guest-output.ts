import { writeSync } from 'node:fs';
import { printableText } from '@ebpm/events';
import { waitReadable } from '@ebpm/loader';
import { GuestStop } from './guest-stop.js';

/** How long a full pipe is left alone before it is tried again. */
const RETRY_MS = 1;

/** stdout or stderr of a guest's process, written at once. What goes to a terminal is made safe for it. */
export class GuestOutput {
  readonly #fd: number;
  readonly #isTerminal: boolean;
  readonly #control: number;
  readonly #decoder = new TextDecoder();

  /** @param control what is listened to while a pipe is full: the guest may be told to end */
  constructor(fd: number, options: { readonly isTerminal: boolean; readonly control: number }) {
    this.#fd = fd;
    this.#isTerminal = options.isTerminal;
    this.#control = options.control;
  }

  get isTerminal(): boolean {
    return this.#isTerminal;
  }

  /** What a guest writes. @throws GuestStop where nobody reads it */
  write(bytes: Uint8Array): void {
    this.writeSafe(this.#isTerminal ? printableText(this.#decoder.decode(bytes, { stream: true })) : bytes);
  }

  /** What is safe for a terminal. @throws GuestStop where nobody reads it */
  writeSafe(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let at = 0; at < bytes.length; ) at += this.#try(bytes, at);
  }

  #try(bytes: Uint8Array, at: number): number {
    try {
      return writeSync(this.#fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new GuestStop('unread');
      if (code !== 'EAGAIN') throw error;
      if (waitReadable(this.#control, RETRY_MS)) throw new GuestStop('told');
      return 0;
    }
  }
}
