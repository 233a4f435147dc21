// A recording, all numbers little-endian:
//
//   | magic, 8 bytes | u32 version | u32 bytes of the header | header: JSON |  then frames, to the end of the file:
//   | u32 kind | u32 bytes of the payload | u64 time, ns since 1970 | payload |
//
//   kind 1, a stream:  JSON, its number, its map, the type of its records; where they are entries of a sampled map, `sample`: how these are
//                      shown; where they have stacks, `stacks`: how these are found. All streams stand before the first batch
//   kind 2, a batch:   u32 number of the stream, u32 zero, and records as the loader hands them over (loader/src/consumer.ts). Of a sampled
//                      map, one without records ends each reading
//   kind 3, the end:   JSON, the ledger of the run
//   kind 4, symbols:   JSON, what the next batches need to show their stacks, each thing once: `names` of addresses, and `stacks` that records
//                      refer to by a number. `forget` says that what stood in the frames before is written again where it is needed
//
// Every frame is written at once, so what was killed can be read up to its last whole frame.

/** Like that of PNG: it shows whether a transfer changed bytes above 0x7f or line ends. */
export const MAGIC = Uint8Array.of(0x89, 0x45, 0x42, 0x50, 0x4d, 0x52, 0x0d, 0x0a);
/** Readers refuse other ones. */
export const VERSION = 1;
/** Bytes of magic, version and the header's length. */
export const PREAMBLE_BYTES = 16;
/** Bytes of a frame before its payload. */
export const FRAME_HEADER_BYTES = 16;
/** Bytes of a batch before its records. */
export const BATCH_HEADER_BYTES = 8;

/** What a frame holds. */
export const FRAME = { stream: 1, batch: 2, end: 3, symbols: 4 } as const;

/** What the header says. */
export interface RecordingHeader {
  /** The package's name. */
  readonly package: string;
  /** Release of the kernel and its machine, `6.12.9-amd64` and `x64`. */
  readonly kernel: string;
  readonly machine: string;
  /** One moment on two clocks, ns: since 1970, and CLOCK_MONOTONIC, which programs take their times from. Digits as text. */
  readonly realtimeNs: string;
  readonly monotonicNs: string;
}
