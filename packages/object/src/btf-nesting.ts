import {
  type BtfLayout,
  extraStart,
  extraWord,
  KIND,
  kindOf,
  PARAM_WORDS,
  sizeOrTypeOf,
  vlenOf,
} from './btf-layout.js';
import { BTF_MAX_DEPTH } from './limits.js';
import { refusal } from './refusal.js';

const DERIVED_KINDS = [
  KIND.ptr,
  KIND.array,
  KIND.volatile,
  KIND.const,
  KIND.restrict,
  KIND.funcProto,
  KIND.typeTag,
] as const;

/** 1 for kinds that declare something of another type, by kind number. */
const DERIVATIONS = Uint8Array.from({ length: KIND.enum64 + 1 }, (_, kind) =>
  DERIVED_KINDS.some((derived) => derived === kind) ? 1 : 0,
);

/**
 * Checks that every declaration ends: following pointers, const and the like, elements, results and parameters comes to
 * something with a name in at most `BTF_MAX_DEPTH` steps. In C only a struct or union can refer back to itself.
 * @throws EBPM_BTF_TOO_LARGE
 */
export function checkNesting(layout: BtfLayout): void {
  const nesting = new Nesting(layout);
  nesting.leaves();
  nesting.others();
}

class Nesting {
  readonly #layout: BtfLayout;
  /** How deep each declaration goes, from 1; 0 is not known yet. */
  readonly #depths: Uint8Array;

  constructor(layout: BtfLayout) {
    this.#layout = layout;
    this.#depths = new Uint8Array(layout.count);
  }

  /** Kinds that have a name of their own; one plain loop is done with them sooner. */
  leaves(): void {
    const { kinds, count } = this.#layout;
    const depths = this.#depths;
    for (let id = 0; id < count; id++) depths[id] = DERIVATIONS[kinds[id] ?? 0] === 1 ? 0 : 1;
  }

  others(): void {
    const depths = this.#depths;
    for (let id = 1; id < depths.length; id++) if (depths[id] === 0) this.#visit(id, 0);
  }

  /** A declaration that never ends is one that is too deep. */
  #visit(id: number, level: number): number {
    const known = this.#depths[id] ?? 0;
    if (known !== 0) return known;
    const depth = level > BTF_MAX_DEPTH ? level : 1 + this.#inside(id, level + 1);
    if (depth > BTF_MAX_DEPTH) {
      throw refusal(
        'EBPM_BTF_TOO_LARGE',
        `type ${id}: its declaration goes more than ${BTF_MAX_DEPTH} deep or refers to itself`,
        { typeId: id },
      );
    }
    this.#depths[id] = depth;
    return depth;
  }

  #inside(id: number, level: number): number {
    const kind = kindOf(this.#layout, id);
    if (kind === KIND.array) return this.#visit(extraWord(this.#layout, id, 0), level);
    const depth = this.#visit(sizeOrTypeOf(this.#layout, id), level);
    return kind === KIND.funcProto ? Math.max(depth, this.#params(id, level)) : depth;
  }

  #params(id: number, level: number): number {
    const { words } = this.#layout;
    const start = extraStart(this.#layout, id);
    const end = start + vlenOf(this.#layout, id) * PARAM_WORDS;
    let deepest = 0;
    for (let at = start; at < end; at += PARAM_WORDS) {
      const type = words[at + 1] ?? 0;
      const depth = this.#depths[type] || this.#visit(type, level);
      if (depth > deepest) deepest = depth;
    }
    return deepest;
  }
}
