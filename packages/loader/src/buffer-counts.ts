/** How full the buffer of a ring buffer or perf event array was, and what did not fit. */
export interface BufferCounts {
  /**
   * Records that the kernel reports as lost for want of room. Always 0 for a ring buffer: there only the program learns that
   * it is full.
   */
  readonly lost: bigint;
  /** Whether `lost` is all of them at any time: not for a ring buffer, and before Linux 6.0 only up to the latest event. */
  readonly countsEveryLoss: boolean;
  /** The most bytes that were found waiting when it was read (on one CPU, for a perf event array): a lower bound. */
  readonly highWaterBytes: number;
  /** Bytes that it holds (on one CPU, for a perf event array). */
  readonly capacityBytes: number;
}
