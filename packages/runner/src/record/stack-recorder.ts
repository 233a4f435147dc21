import {
  nameStack,
  RECORD_HEADER_BYTES,
  type RecordType,
  type StackFrame,
  type StackOf,
  type StackReader,
  type Symbolizer,
  singleRecords,
  stackSample,
} from '@ebpm/events';
import { SYMBOLS_FORGOTTEN_BYTES, SYMBOLS_FRAME_BYTES } from '../limits.js';
import { type StackLook, stackReaderOf } from './stack-look.js';

/** The stacks of a stream that is recorded. */
export interface RecordedStacks {
  readonly look: StackLook;
  readonly symbolizer: Symbolizer;
  /** The stacks that records refer to by a number; default: there are none. */
  readonly stackOf?: StackOf | undefined;
}

/** Takes a batch before it is recorded. */
export type NoteStacks = (bytes: Uint8Array) => void;

/** Writes down what the stacks of batches need to be shown again: each name and each stack once, and again when it has changed. */
export class StackRecorder {
  readonly #write: (json: string) => void;
  readonly #forgottenBytes: number;
  /** What was written of each address and of each stack. */
  readonly #written = new Map<string, string>();
  #writtenBytes = 0;
  #names: string[] = [];
  #stacks: string[] = [];
  #waitingBytes = 0;

  /** @param forgottenBytes after so many bytes of names and stacks all are written anew */
  constructor(write: (json: string) => void, forgottenBytes = SYMBOLS_FORGOTTEN_BYTES) {
    this.#write = write;
    this.#forgottenBytes = forgottenBytes;
  }

  /** Begins a stream with stacks. */
  stream(id: number, type: RecordType, { look, symbolizer, stackOf }: RecordedStacks): NoteStacks {
    const noted: StackOf = (number, field) => {
      const bytes = stackOf?.(number, field);
      if (bytes !== undefined) this.#noteStack({ stream: id, field, number }, bytes);
      return bytes;
    };
    const reader = stackReaderOf(type, look, noted);
    return (bytes) => {
      if (this.#writtenBytes > this.#forgottenBytes) this.#forget();
      if (reader !== undefined) this.#noteBatch(bytes, { type, reader, symbolizer });
      this.#flush();
    };
  }

  #noteBatch(
    bytes: Uint8Array,
    { type, reader, symbolizer }: { type: RecordType; reader: StackReader; symbolizer: Symbolizer },
  ): void {
    for (const record of singleRecords({ bytes })) {
      // A record that is shorter than its type is not shown.
      if (record.bytes.length < RECORD_HEADER_BYTES + type.sizeBytes) continue;
      const sample = stackSample(record, reader);
      if (sample === undefined) continue;
      const { kernel, user } = nameStack(sample, symbolizer);
      for (const frame of user) this.#noteName(frame, sample.pid);
      for (const frame of kernel) this.#noteName(frame);
    }
  }

  #noteName({ address, symbol, offsetBytes, module }: StackFrame, pid?: number): void {
    const text = JSON.stringify({ pid, address: `0x${address.toString(16)}`, symbol, offset: offsetBytes, module });
    const key = `${pid ?? ''} ${address}`;
    // What has no name needs none, unless it had one before.
    if (symbol === undefined && module === undefined && !this.#written.has(key)) return;
    if (this.#isNew(key, text)) this.#names.push(text);
  }

  #noteStack(place: { readonly stream: number; readonly field: string; readonly number: number }, bytes: Uint8Array) {
    const text = JSON.stringify({ ...place, addresses: Buffer.from(trimmed(bytes)).toString('base64') });
    if (this.#isNew(`${place.stream} ${place.field} ${place.number}`, text)) this.#stacks.push(text);
  }

  #isNew(key: string, text: string): boolean {
    if (this.#written.get(key) === text) return false;
    this.#written.set(key, text);
    this.#waitingBytes += text.length;
    if (this.#waitingBytes > SYMBOLS_FRAME_BYTES) this.#flush();
    return true;
  }

  #forget(): void {
    this.#written.clear();
    this.#writtenBytes = 0;
    this.#write('{"forget":true}');
  }

  #flush(): void {
    if (this.#names.length + this.#stacks.length === 0) return;
    this.#write(`{"names":[${this.#names.join(',')}],"stacks":[${this.#stacks.join(',')}]}`);
    this.#writtenBytes += this.#waitingBytes;
    this.#waitingBytes = 0;
    this.#names = [];
    this.#stacks = [];
  }
}

/** A stack map's value has room for the longest stack, and zeros behind shorter ones. */
function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length - (bytes.length % 8);
  while (end > 0 && bytes.subarray(end - 8, end).every((byte) => byte === 0)) end -= 8;
  return bytes.subarray(0, end);
}
