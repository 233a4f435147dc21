import type { BuildPlace } from '../private-place.js';
import type { RunOptions } from '../run-tool.js';
import type { NpmOptions } from './npm-package-folder.js';

/** How a guest is compiled. */
export interface GuestOptions extends RunOptions, BuildPlace, NpmOptions {
  readonly tempDir: string;
  /** Where the sources lie. */
  readonly folder: string;
  /** From there on. */
  readonly paths: readonly string[];
  /** Where the generated skeletons lie; nothing else is in it. */
  readonly skeletonDir: string;
  /** Whether messages are coloured. */
  readonly color: boolean;
}

/** A module and what its compiler said. */
export interface CompiledGuest {
  readonly module: Uint8Array;
  readonly diagnostics: string;
}
