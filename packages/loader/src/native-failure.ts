import { getSystemErrorMap } from 'node:util';

/** What the addon throws when libbpf or the kernel refuses. */
export interface NativeFailure extends Error {
  /** Positive; above 4000 it is libbpf's own. */
  readonly errno: number;
  /** The error's text, e.g. `Permission denied`. */
  readonly reason: string;
  /** What libbpf said meanwhile, the verifier's log among it. */
  readonly log: string;
}

/** Whether the addon threw it for libbpf or the kernel, rather than for a slip in an argument. */
export function isNativeFailure(error: unknown): error is NativeFailure {
  return error instanceof Error && 'errno' in error && 'reason' in error && 'log' in error;
}

/** The reason with the name of the error: `Permission denied (EACCES)`. */
export function errnoText(failure: Pick<NativeFailure, 'errno' | 'reason'>): string {
  const name = getSystemErrorMap().get(-failure.errno)?.[0];
  return name === undefined ? `${failure.reason} (errno ${failure.errno})` : `${failure.reason} (${name})`;
}
