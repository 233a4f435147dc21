/** What came of one case on one kernel. */
export interface Row {
  readonly type: string;
  readonly variant?: string | undefined;
  readonly status: 'attached' | 'not supported' | 'cannot be tested here' | 'failed';
  /** The proof, the reason, or what is not as was asked for. */
  readonly why?: string;
  /** What stayed in the kernel and was not there before. */
  readonly left: readonly string[];
}

/** What came of killing a process that holds what has no link. */
export interface KilledRow {
  /** Kinds of remains on record while it ran. */
  readonly recorded: readonly string[];
  /** Whether its filter was there after its death. */
  readonly stayed: boolean;
  /** Kinds that were taken back. */
  readonly removed: readonly string[];
  readonly left: readonly string[];
  /** How much a second look found. */
  readonly again: number;
}
