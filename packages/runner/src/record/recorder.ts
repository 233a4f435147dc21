import { type RecordType, recordTypeToJson } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { MAX_RECORDED_BATCH_BYTES, MAX_RECORDED_UNIT_LENGTH, STACKS_BATCH_BYTES } from '../limits.js';
import type { SampleLook } from '../session/sampled-map.js';
import {
  BATCH_HEADER_BYTES,
  FRAME,
  FRAME_HEADER_BYTES,
  MAGIC,
  PREAMBLE_BYTES,
  type RecordingHeader,
  VERSION,
} from './recording-format.js';
import { splitRecords } from './split-records.js';
import { type RecordedStacks, StackRecorder } from './stack-recorder.js';

/** Where a recording goes. */
export interface RecorderOptions {
  readonly header: RecordingHeader;
  /** Writes all of it, one part after the other, before it returns; it throws when it cannot. */
  readonly write: (parts: readonly Uint8Array[]) => void;
  /** Nanoseconds since 1970. */
  readonly nowNs: () => bigint;
}

/** Takes the records of one stream, as the loader hands them over. */
export type RecordBatchBytes = (bytes: Uint8Array) => void;

/** Writes the raw events and readings of a session, with their types. Nothing is held back, so a killed run leaves a readable file. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #stacks = new StackRecorder((json) => this.#frame(FRAME.symbols, [Buffer.from(json)]));
  #streams = 0;

  /** Writes the header. @throws what `write` throws */
  constructor(options: RecorderOptions) {
    this.#options = options;
    const json = Buffer.from(JSON.stringify(options.header));
    const preamble = new Uint8Array(PREAMBLE_BYTES);
    preamble.set(MAGIC);
    const view = new DataView(preamble.buffer);
    view.setUint32(MAGIC.length, VERSION, true);
    view.setUint32(MAGIC.length + 4, json.length, true);
    options.write([preamble, json]);
  }

  /** Begins a stream of records of one type. */
  stream(name: string, type: RecordType, stacks?: RecordedStacks): RecordBatchBytes {
    return this.#begin({ name, type, stacks });
  }

  /** Begins a stream of the entries of a sampled map; what it gives takes one reading after the other, of any size. */
  sampledStream(name: string, type: RecordType, look: SampleLook, stacks?: RecordedStacks): RecordBatchBytes {
    const { type: shape, unit, base, step } = look;
    const sample = { type: shape, unit: unit?.slice(0, MAX_RECORDED_UNIT_LENGTH), base, step } satisfies SampleLook;
    const record = this.#begin({ name, type, sample, stacks });
    return (bytes) => {
      for (const piece of splitRecords(bytes, MAX_RECORDED_BATCH_BYTES)) record(piece);
      record(END_OF_READING);
    };
  }

  /** Writes how it ended: the ledger, as JSON. */
  end(ledger: unknown): void {
    this.#frame(FRAME.end, [Buffer.from(JSON.stringify(ledger))]);
  }

  #begin({ name, type, sample, stacks }: Beginning): RecordBatchBytes {
    const id = this.#streams++;
    const described = { id, name, type: recordTypeToJson(type), sample, stacks: stacks?.look };
    this.#frame(FRAME.stream, [Buffer.from(JSON.stringify(described))]);
    const head = new Uint8Array(BATCH_HEADER_BYTES);
    new DataView(head.buffer).setUint32(0, id, true);
    const record = (bytes: Uint8Array) => {
      if (bytes.length > MAX_RECORDED_BATCH_BYTES) {
        const reason = `a record of map "${name}" has more than ${MAX_RECORDED_BATCH_BYTES} bytes`;
        throw new EbpmError('EBPM_RECORD_FAILED', `Cannot record: ${reason}`);
      }
      this.#frame(FRAME.batch, [head, bytes]);
    };
    if (stacks === undefined) return record;
    const note = this.#stacks.stream(id, type, stacks);
    return (bytes) => {
      if (bytes.length === 0) record(bytes);
      for (const piece of splitRecords(bytes, STACKS_BATCH_BYTES)) {
        note(piece);
        record(piece);
      }
    };
  }

  #frame(kind: number, payload: readonly Uint8Array[]): void {
    const header = new Uint8Array(FRAME_HEADER_BYTES);
    const view = new DataView(header.buffer);
    view.setUint32(0, kind, true);
    view.setUint32(
      4,
      payload.reduce((sum, part) => sum + part.length, 0),
      true,
    );
    view.setBigUint64(8, this.#options.nowNs(), true);
    this.#options.write([header, ...payload]);
  }
}

const END_OF_READING = new Uint8Array(0);

/** A stream as it is described. */
interface Beginning {
  readonly name: string;
  readonly type: RecordType;
  readonly sample?: SampleLook | undefined;
  readonly stacks: RecordedStacks | undefined;
}
