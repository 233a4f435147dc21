import type { BtfType } from './btf-type.js';

/** A checked BTF blob: every id, offset and name in it is valid. Made by `readBtf`. */
export interface Btf {
  /** Number of types, void included: ids are 0 to `count - 1`. */
  readonly count: number;
  /** @throws EBPM_BTF_INVALID when there is no such id. */
  type(id: number): BtfType;
  /** The type behind typedefs, const, volatile, restrict and type tags. */
  resolve(id: number): BtfType;
  /** Size of a value of that type. @throws EBPM_BTF_INVALID for types without a size (void, fwd, func). */
  sizeOf(id: number): number;
  /** C text of a type as a programmer would write it: `unsigned int`, `char[16]`, `struct event *`. */
  nameOf(id: number): string;
  /** The first type of one of the kinds with that name. */
  find(name: string, ...kinds: readonly BtfType['kind'][]): BtfType | undefined;
}
