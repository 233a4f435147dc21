import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { FRAME_MAX_BYTES } from '../limits.js';
import { FRAME_HEADER_BYTES, LOG_HEADER_BYTES, LOG_MAGIC } from './log-file.js';

/** What a run wrote at one time. */
export interface LogFrame {
  readonly stream: 'stdout' | 'stderr';
  readonly timeMs: number;
  readonly text: Uint8Array;
}

/** Reads the log of a run, from what is kept of it on; what is written meanwhile is there with the next call of `read`. */
export class LogReader {
  readonly #descriptors: readonly number[];
  /** The turn that is read; undefined before the first. */
  #turn: bigint | undefined;
  #at = LOG_HEADER_BYTES;

  constructor(paths: readonly [string, string]) {
    // A run that could not even begin has none.
    this.#descriptors = paths.filter((path) => existsSync(path)).map((path) => openSync(path, 'r'));
  }

  /** The frames that are there and have not been given yet. What was overwritten before it was read is left out. */
  *read(): Generator<LogFrame> {
    for (;;) {
      this.#turn ??= this.#oldestTurn();
      if (this.#turn === undefined) return;
      for (let frame = this.#frame(this.#turn); frame !== undefined; frame = this.#frame(this.#turn)) yield frame;
      const next = this.#turns().find((turn) => turn !== undefined && turn > (this.#turn ?? -1n));
      if (next === undefined) return;
      this.#turn = next;
      this.#at = LOG_HEADER_BYTES;
    }
  }

  close(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }

  /** Undefined when there is no whole frame yet, or the file has been begun anew meanwhile. */
  #frame(turn: bigint): LogFrame | undefined {
    const descriptor = this.#descriptors[Number(turn % 2n)] ?? -1;
    const header = readExactly(descriptor, FRAME_HEADER_BYTES, this.#at);
    const length = header?.readUInt32LE(4) ?? 0;
    if (header === undefined || length > FRAME_MAX_BYTES) return undefined;
    // Nothing is set aside for what is not there.
    if (this.#at + FRAME_HEADER_BYTES + length > fstatSync(descriptor).size) return undefined;
    const text = readExactly(descriptor, length, this.#at + FRAME_HEADER_BYTES);
    if (text === undefined || turnOf(descriptor) !== turn) return undefined;
    this.#at += FRAME_HEADER_BYTES + length;
    return { stream: header.readUInt32LE(0) === 1 ? 'stdout' : 'stderr', timeMs: header.readDoubleLE(8), text };
  }

  #oldestTurn(): bigint | undefined {
    return this.#turns()[0];
  }

  /** Those that are there, the oldest first. */
  #turns(): readonly bigint[] {
    const turns = this.#descriptors.flatMap((descriptor) => turnOf(descriptor) ?? []);
    return turns.sort((one, other) => Number(one - other));
  }
}

function turnOf(descriptor: number): bigint | undefined {
  const header = readExactly(descriptor, LOG_HEADER_BYTES, 0);
  if (header?.toString('latin1', 0, LOG_MAGIC.length) !== LOG_MAGIC) return undefined;
  return header.readBigUInt64LE(LOG_MAGIC.length);
}

function readExactly(descriptor: number, sizeBytes: number, at: number): Buffer | undefined {
  const bytes = Buffer.alloc(sizeBytes);
  for (let done = 0; done < sizeBytes; ) {
    const got = readSync(descriptor, bytes, done, sizeBytes - done, at + done);
    if (got === 0) return undefined;
    done += got;
  }
  return bytes;
}
