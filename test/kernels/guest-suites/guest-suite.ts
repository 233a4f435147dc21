import type { Kernel } from '../kernels.js';
import type { GuestRun, SeenGuest } from '../run-guests.js';

/** Guests that run on a kernel beside those of other suites, in one boot, and what must have come of them. */
export interface GuestSuite<Run extends string = string> {
  readonly name: string;
  /** Where they run: not on this machine's kernel where that shows nothing that the lab's do not. */
  readonly where: 'everywhere' | 'lab';
  /** Compiles them into an empty folder, and says how they are run. */
  runs(folder: string): Readonly<Record<Run, GuestRun>>;
  /** Declares the tests. */
  check(kernel: Kernel, seen: (run: Run) => SeenGuest): void;
}
