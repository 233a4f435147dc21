/**
 * Many events (the loader's `Batch`) as the kernel framed them, handed over at once:
 *
 *     u32 length in the low 30 bits, bit 30: discarded, bit 31: still being written
 *     u32 page offset (ring buffer) or CPU (perf buffer)
 *     length bytes of data, then padding to a multiple of 8
 *
 * All little-endian. The layout is the ring buffer's own.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (BPF_RINGBUF_BUSY_BIT and its neighbours)
 */
export interface RecordBatch {
  /** Exactly the framed records. Only valid during the callback that gets it. */
  readonly bytes: Uint8Array;
}

/** Bytes before the data of each record. */
export const RECORD_HEADER_BYTES = 8;

/** The header bits that hold the length. */
export const RECORD_LENGTH_MASK = 0x3fff_ffff;

/** Set when the program took its record back: there is nothing to show. */
export const RECORD_DISCARDED = 0x4000_0000;

/** Set while the program still writes; no loader hands over such a record. */
export const RECORD_BUSY = 0x8000_0000;
