import { viewOf } from '../data-view.js';
import { WASM_MAX_MEMORY_BYTES, WASM_MAX_SEGMENTS } from '../limits.js';

/** Bytes that a WASM module has in its data section. */
export interface WasmSegment {
  /** Where in memory they go when the module starts; undefined where that is not a constant, or the module puts them there itself. */
  readonly address: number | undefined;
  readonly bytes: Uint8Array;
}

const DATA_SECTION = 11;
const I32_CONST = 0x41;
const END = 0x0b;

/**
 * The segments of a module's data section; empty where there is none. What is not sound ends the list: such a module does not start.
 * @see https://webassembly.github.io/spec/core/binary/modules.html#data-section
 */
export function wasmSegments(module: Uint8Array): readonly WasmSegment[] {
  const reader = new Reader(module.subarray(HEADER_BYTES));
  while (!reader.ended) {
    const id = reader.byte();
    const content = reader.take(reader.unsigned());
    if (content === undefined) return [];
    if (id === DATA_SECTION) return segmentsIn(new Reader(content));
  }
  return [];
}

const HEADER_BYTES = 8;

function segmentsIn(reader: Reader): readonly WasmSegment[] {
  const segments: WasmSegment[] = [];
  const count = Math.min(reader.unsigned(), WASM_MAX_SEGMENTS);
  for (let index = 0; index < count; index++) {
    const mode = reader.unsigned();
    // Mode 2 names a memory first; mode 1 is not put anywhere.
    if (mode === 2) reader.unsigned();
    const address = mode === 1 ? undefined : reader.constant();
    const bytes = reader.take(reader.unsigned());
    if (bytes === undefined) break;
    segments.push({ address, bytes });
  }
  return segments;
}

/**
 * The memory that segments fill, in pieces: those that lie within a page of each other are joined, since tools leave out long runs of
 * zeros. Where they overlap the later one counts, as when the module starts.
 */
export function wasmMemory(segments: readonly WasmSegment[]): readonly Uint8Array[] {
  const placed = segments.flatMap(({ address, bytes }) => (address === undefined ? [] : [{ address, bytes }]));
  const loose = segments.filter(({ address }) => address === undefined).map(({ bytes }) => bytes);
  const groups: { start: number; end: number }[] = [];
  for (const { address, bytes } of placed.toSorted((left, right) => left.address - right.address)) {
    const last = groups.at(-1);
    const end = address + bytes.length;
    if (last !== undefined && address - last.end <= MAX_GAP_BYTES) last.end = Math.max(last.end, end);
    else groups.push({ start: address, end });
  }
  const size = groups.reduce((sum, { start, end }) => sum + end - start, 0);
  if (size > WASM_MAX_MEMORY_BYTES) return [...loose, ...placed.map(({ bytes }) => bytes)];
  const pieces = groups.map(({ start, end }) => ({ start, end, bytes: new Uint8Array(end - start) }));
  for (const { address, bytes } of placed) {
    const piece = pieceAt(pieces, address);
    piece?.bytes.set(bytes, address - piece.start);
  }
  return [...pieces.map(({ bytes }) => bytes), ...loose];
}

/** Runs of zeros in objects are shorter: their sections lie close together. */
const MAX_GAP_BYTES = 64 * 1024;

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

function pieceAt(pieces: readonly Piece[], address: number): Piece | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.start ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1];
}

/** Reads what may end anywhere: behind the end all is 0. */
class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.ended ? 0 : this.#view.getUint8(this.#at++);
  }

  /** LEB128 of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  }

  /** An address that is one constant, as all that linkers write are. */
  constant(): number | undefined {
    if (this.byte() !== I32_CONST) {
      while (!this.ended && this.byte() !== END);
      return undefined;
    }
    const value = this.#signed() >>> 0;
    return this.byte() === END ? value : undefined;
  }

  #signed(): number {
    let value = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while ((byte & 0x80) !== 0 && shift < 35);
    return shift < 32 && (byte & 0x40) !== 0 ? value | (-1 << shift) : value;
  }

  take(sizeBytes: number): Uint8Array | undefined {
    if (this.#at + sizeBytes > this.#bytes.length) return undefined;
    const taken = this.#bytes.subarray(this.#at, this.#at + sizeBytes);
    this.#at += sizeBytes;
    return taken;
  }
}
