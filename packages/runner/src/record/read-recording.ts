import { EbpmError } from '@ebpm/formats';
import {
  MAX_RECORDED_BATCH_BYTES,
  MAX_RECORDED_HEADER_BYTES,
  MAX_RECORDED_JSON_BYTES,
  MAX_RECORDED_STREAMS,
} from '../limits.js';
import { ByteReader } from './byte-reader.js';
import { type RecordedStream, recordedStream } from './recorded-stream.js';
import {
  BATCH_HEADER_BYTES,
  FRAME,
  FRAME_HEADER_BYTES,
  MAGIC,
  PREAMBLE_BYTES,
  type RecordingHeader,
  VERSION,
} from './recording-format.js';

/** A recording, read as far as it goes. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly frames: AsyncIterable<RecordedFrame>;
}

/** What a recording holds, in the order in which it came. */
export type RecordedFrame =
  | RecordedStream
  /** Records as the loader handed them over; nothing in them has been looked at. */
  | { readonly kind: 'batch'; readonly id: number; readonly timeNs: bigint; readonly bytes: Uint8Array }
  /** What the next batches need to show their stacks: JSON that has not been looked at, undefined where it is none. */
  | {
      readonly kind: 'symbols';
      readonly json: Readonly<Record<string, unknown>> | undefined;
      readonly sizeBytes: number;
    }
  /** How the run ended: its ledger, not looked at. */
  | { readonly kind: 'end'; readonly ledger: unknown };

/**
 * Reads a recording, which may come from anybody. `frames` ends without an `end` where the file does, also within a frame: that is
 * what a killed run leaves.
 *
 * @throws EBPM_RECORDING_INVALID when it is none; iterating `frames` throws EBPM_RECORDING_DAMAGED where it makes no sense any more
 */
export async function readRecording(chunks: AsyncIterable<Uint8Array>, source: string): Promise<Recording> {
  const reader = new ByteReader(chunks);
  const header = await readHeader(reader, source);
  return { header, frames: readFrames(reader, source) };
}

async function readHeader(reader: ByteReader, source: string): Promise<RecordingHeader> {
  const preamble = await reader.take(PREAMBLE_BYTES);
  if (preamble.length < PREAMBLE_BYTES || MAGIC.some((byte, index) => preamble[index] !== byte)) {
    throw invalid(source, 'it is no recording of ebpm');
  }
  const view = viewOf(preamble);
  const version = view.getUint32(MAGIC.length, true);
  const sizeBytes = view.getUint32(MAGIC.length + 4, true);
  if (version !== VERSION) throw invalid(source, `it has version ${version}, and this ebpm reads version ${VERSION}`);
  if (sizeBytes > MAX_RECORDED_HEADER_BYTES) throw invalid(source, `its header claims ${sizeBytes} bytes`);
  const bytes = await reader.take(sizeBytes);
  const header = bytes.length === sizeBytes ? parsed(bytes) : undefined;
  const texts = ['package', 'kernel', 'machine'].every((key) => typeof header?.[key] === 'string');
  const times = ['realtimeNs', 'monotonicNs'].every((key) => /^\d{1,19}$/.test(String(header?.[key])));
  if (!texts || !times) throw invalid(source, 'its header is damaged');
  return header as unknown as RecordingHeader;
}

async function* readFrames(reader: ByteReader, source: string): AsyncGenerator<RecordedFrame> {
  let streams = 0;
  let hasBatches = false;
  for (;;) {
    const head = await reader.take(FRAME_HEADER_BYTES);
    if (head.length < FRAME_HEADER_BYTES) return;
    const view = viewOf(head);
    const kind = view.getUint32(0, true);
    const sizeBytes = view.getUint32(4, true);
    const limit = LIMITS[kind];
    if (limit === undefined) throw damaged(source, `a frame has kind ${kind}`);
    if (sizeBytes > limit) throw damaged(source, `a frame claims ${sizeBytes} bytes`);
    const payload = await reader.take(sizeBytes);
    if (payload.length < sizeBytes) return;
    switch (kind) {
      case FRAME.stream:
        if (hasBatches) throw damaged(source, `stream ${streams} is described behind the first batch`);
        if (streams === MAX_RECORDED_STREAMS) throw damaged(source, `it has more than ${streams} streams`);
        yield recordedStream(parsed(payload), streams++, (reason, cause) => damaged(source, reason, cause));
        break;
      case FRAME.batch:
        hasBatches = true;
        yield batchFrame(payload, { streams, source, timeNs: view.getBigUint64(8, true) });
        break;
      case FRAME.symbols:
        yield { kind: 'symbols', json: parsed(payload), sizeBytes };
        break;
      default:
        yield { kind: 'end', ledger: parsed(payload) };
        return;
    }
  }
}

const LIMITS: Readonly<Record<number, number>> = {
  [FRAME.stream]: MAX_RECORDED_JSON_BYTES,
  [FRAME.batch]: BATCH_HEADER_BYTES + MAX_RECORDED_BATCH_BYTES,
  [FRAME.end]: MAX_RECORDED_JSON_BYTES,
  [FRAME.symbols]: MAX_RECORDED_JSON_BYTES,
};

function batchFrame(
  payload: Uint8Array,
  { streams, source, timeNs }: { streams: number; source: string; timeNs: bigint },
): RecordedFrame {
  if (payload.length < BATCH_HEADER_BYTES) throw damaged(source, 'a batch is too short');
  const id = viewOf(payload).getUint32(0, true);
  if (id >= streams) throw damaged(source, `a batch is of stream ${id}, which is not described`);
  return { kind: 'batch', id, timeNs, bytes: payload.subarray(BATCH_HEADER_BYTES) };
}

/** An object in JSON; undefined for anything else. */
function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    // Not UTF-8, or not JSON.
    if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function invalid(source: string, reason: string): EbpmError {
  return new EbpmError('EBPM_RECORDING_INVALID', `Cannot replay "${source}": ${reason}`);
}

/** What a recording that makes no sense is refused with. */
export function damaged(source: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_RECORDING_DAMAGED', `Cannot read "${source}" any further: ${reason}`, { cause });
}
