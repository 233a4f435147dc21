/** Milliseconds of a clock that never goes back. `performance.now()` would load a dozen modules of Node at every start. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
