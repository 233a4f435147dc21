/** One file of a package. */
export interface TarFile {
  /** Relative, with "/" between its parts: `include/sigsnoop.h`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}
