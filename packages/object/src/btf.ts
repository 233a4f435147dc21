import type { TypeTextOptions } from './btf-c-text.js';
import type { BtfKind, BtfType } from './btf-type.js';

/**
 * A checked BTF blob: every id, offset and name in it is valid, and following it ends. Made by `readBtf`.
 */
export interface Btf {
  /** Number of types, void included: ids are 0 to `count - 1`. */
  readonly count: number;
  /** @throws EBPM_BTF_INVALID when there is no such id. */
  type(id: number): BtfType;
  /** The type behind typedefs, const, volatile, restrict and type tags. */
  resolve(id: number): BtfType;
  /** Size of a value of that type. @throws EBPM_BTF_INVALID for types without a size (void, fwd, func). */
  sizeOf(id: number): number;
  /** Whether `sizeOf` would answer. */
  hasSize(id: number): boolean;
  /**
   * C text of a type as a programmer would write it: `unsigned int`, `char[16]`, `const struct event *`.
   * @throws EBPM_BTF_INVALID when it would be longer than 4096 characters
   */
  nameOf(id: number, options?: TypeTextOptions): string;
  /** The first type with that name, of one of the kinds if any are given. The first call makes an index of all names. */
  find(name: string, ...kinds: readonly BtfKind[]): BtfType | undefined;
  /** All types of a kind, by rising id. */
  ofKind(kind: BtfKind): Iterable<BtfType>;
  /** Whether there is a string at an offset of the string section, to which `.BTF.ext` refers. */
  hasString(offset: number): boolean;
  /** That string. @throws EBPM_BTF_INVALID when there is none, it is not UTF-8 or longer than 1024 bytes */
  string(offset: number): string;
}
