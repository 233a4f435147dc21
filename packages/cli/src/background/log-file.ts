/*
 * The output of a background run lies in two files, so that it is bounded and the newest part is always whole. One is written until it
 * is full, then the other is emptied and written. Both are opened at the start: later the process may have no right to open them.
 *
 *   file    | "EBPMLOG1" | u64 turn | frame ...        the file with the higher turn is the newer
 *   frame   | u32 stream | u32 length | f64 time in ms | text ...
 */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Output } from '../context.js';
import { LOG_FILE_MAX_BYTES } from '../limits.js';

export const LOG_MAGIC = 'EBPMLOG1';
export const LOG_HEADER_BYTES = 16;
export const FRAME_HEADER_BYTES = 16;

/** The stream that a frame was written to, by file descriptor number as everywhere. */
export const STREAMS = { stdout: 1, stderr: 2 } as const;

/** Writes the log of a run. */
export class LogFile {
  readonly #descriptors: readonly number[];
  readonly #maxBytes: number;
  #turn = 0;
  #at = 0;

  /** @param maxBytes of each file; a frame that is larger has a file to itself */
  constructor(paths: readonly [string, string], maxBytes = LOG_FILE_MAX_BYTES) {
    this.#descriptors = paths.map((path) => openSync(path, 'w', 0o600));
    this.#maxBytes = maxBytes;
    this.#begin();
  }

  /** A stream of it, to be written to as stdout and stderr are. */
  output(stream: keyof typeof STREAMS): Output {
    return { write: (chunk) => this.#write(STREAMS[stream], typeof chunk === 'string' ? Buffer.from(chunk) : chunk) };
  }

  close(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }

  #write(stream: number, bytes: Uint8Array): void {
    if (this.#at + FRAME_HEADER_BYTES + bytes.length > this.#maxBytes && this.#at > LOG_HEADER_BYTES) {
      this.#turn += 1;
      this.#begin();
    }
    const frame = Buffer.alloc(FRAME_HEADER_BYTES + bytes.length);
    frame.writeUInt32LE(stream, 0);
    frame.writeUInt32LE(bytes.length, 4);
    frame.writeDoubleLE(Date.now(), 8);
    frame.set(bytes, FRAME_HEADER_BYTES);
    this.#append(frame);
  }

  #begin(): void {
    ftruncateSync(this.#descriptor, 0);
    const header = Buffer.alloc(LOG_HEADER_BYTES);
    header.write(LOG_MAGIC, 'latin1');
    header.writeBigUInt64LE(BigInt(this.#turn), LOG_MAGIC.length);
    this.#at = 0;
    this.#append(header);
  }

  get #descriptor(): number {
    return this.#descriptors[this.#turn % 2] ?? -1;
  }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#at);
      done += written;
      this.#at += written;
    }
  }
}
