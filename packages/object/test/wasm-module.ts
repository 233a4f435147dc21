/** A segment of data, with the address that it goes to; without one it is passive. */
export interface Segment {
  readonly address?: number;
  readonly bytes: Uint8Array;
}

/**
 * A WASM module with nothing but a memory and data.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function wasmModule(segments: readonly Segment[]): Uint8Array {
  const data = [...unsigned(segments.length), ...segments.flatMap(segment)];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(5, [1, 0, 64]), ...section(11, data)]);
}

function segment({ address, bytes }: Segment): number[] {
  const mode = address === undefined ? [1] : [0, 0x41, ...signed(address), 0x0b];
  return [...mode, ...unsigned(bytes.length), ...bytes];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
