/** One place on a stack. Names are as they were found: hostile, until they are printed. */
export interface StackFrame {
  readonly address: bigint;
  /** The function; undefined where it is not known. */
  readonly symbol?: string | undefined;
  /** Bytes from the start of the function. */
  readonly offsetBytes?: number | undefined;
  /** The file or the kernel module that the code is from. */
  readonly module?: string | undefined;
}

/** Names the addresses of a stack, the innermost first. The same addresses may be asked for again and again. */
export interface Symbolizer {
  kernel(addresses: readonly bigint[]): readonly StackFrame[];
  user(pid: number, addresses: readonly bigint[]): readonly StackFrame[];
}

/** One stack, or a number of equal ones. */
export interface StackSample {
  /** Name of the process, as bytes gave it. */
  readonly comm: string;
  readonly pid: number;
  readonly cpu: number | undefined;
  /** How many such stacks were seen; undefined for a single event. */
  readonly count: bigint | undefined;
  /** Addresses, the innermost first; empty where there is no such stack. */
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
}

/** The frames of a sample. */
export interface NamedStack {
  readonly sample: StackSample;
  readonly kernel: readonly StackFrame[];
  readonly user: readonly StackFrame[];
}
