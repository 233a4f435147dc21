import type { Manifest } from '@ebpm/formats';
import type { HeaderPackage } from './header-packages.js';

/** What to build, and with what. */
export interface BuildOptions {
  /** The project's directory. Clang's messages name files with it in front, as it is given here. */
  readonly dir: string;
  /** Directories to find clang, llvm-strip, bpftool and npm's tools in, as in PATH. */
  readonly searchPath: string;
  /** Directory that keeps vmlinux.h between builds; made when missing. */
  readonly cacheDir: string;
  /** The headers of what a project depends on, which `#include <...>` finds in this order; default none. */
  readonly headersOf?: (manifest: Manifest) => Promise<readonly HeaderPackage[]>;
  /** A kernel's BTF to make vmlinux.h from; default that of the running kernel. A `vmlinux.h` in the project goes before both. */
  readonly btfPath?: string;
  /** Architecture to build for, by Node's name for it; default this machine's. */
  readonly arch?: string;
  /** Whether clang colours its messages; default false. */
  readonly color?: boolean;
  /** Time for each tool; default 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
