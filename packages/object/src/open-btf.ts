import type { Btf } from './btf.js';
import { findCandidates } from './btf-candidates.js';
import { readBtfHeader } from './btf-header.js';
import { type BtfLayout, extraWord, KIND, kindOf, layOutTypes, sizeOrTypeOf } from './btf-layout.js';
import { type StringSection, stringSection } from './btf-strings.js';
import type { BtfType } from './btf-type.js';
import { BtfTypes } from './btf-types.js';
import { littleEndianWordsIn } from './data-view.js';
import { BTF_MAX_DEPTH } from './limits.js';
import { typeRefusal } from './refusal.js';

/**
 * The BTF of a kernel: 100,000 types, of which some ten are asked for. So it is only laid out when it is opened, and each thing
 * is checked when it is looked at: any call can throw EBPM_BTF_INVALID.
 */
export interface OpenBtf extends Btf {
  /**
   * The types that CO-RE relocations may mean, in one pass: by essential name, the ids of all types that have it and are of one of the
   * kinds (numbers of BTF_KIND_*) that are wanted for it, rising.
   */
  candidates(wanted: ReadonlyMap<string, ReadonlySet<number>>): ReadonlyMap<string, readonly number[]>;
}

/**
 * Opens a BTF blob that stands by itself. The result keeps views into `bytes`, which must not change afterwards.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE
 */
export function openBtf(bytes: Uint8Array): OpenBtf {
  const { types, strings } = readBtfHeader(bytes);
  // Copying five megabytes takes as long as laying them out.
  return new LaidOutBtf(layOutTypes(types, littleEndianWordsIn(types)), stringSection(strings), 1);
}

/**
 * Opens the BTF of a kernel module, whose types and strings go on where those of the kernel end. Only types of the module are candidates.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE
 */
export function openModuleBtf(kernel: Uint8Array, module: Uint8Array): OpenBtf {
  const base = readBtfHeader(kernel);
  const split = readBtfHeader(module, 'split');
  const layout = layOutTypes(joined(base.types, split.types));
  let firstId = layout.count;
  while (firstId > 1 && (layout.starts[firstId - 1] ?? 0) * 4 >= base.types.length) firstId--;
  return new LaidOutBtf(layout, stringSection(joined(base.strings, split.strings)), firstId);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

class LaidOutBtf extends BtfTypes implements OpenBtf {
  readonly #firstId: number;

  constructor(layout: BtfLayout, strings: StringSection, firstId: number) {
    super(layout, strings);
    this.#firstId = firstId;
  }

  candidates(wanted: ReadonlyMap<string, ReadonlySet<number>>): ReadonlyMap<string, readonly number[]> {
    return findCandidates(this.layout, this.strings, wanted, this.#firstId);
  }

  resolve(id: number): BtfType {
    return this.type(this.#follow(id, RESOLVED));
  }

  sizeOf(id: number): number {
    const size = this.#size(id);
    if (size === undefined) throw typeRefusal(id, `"${this.nameOf(id)}" has no size`);
    return size;
  }

  hasSize(id: number): boolean {
    return this.#size(id) !== undefined;
  }

  /** The id behind types of some kinds, which only refer to another. */
  #follow(id: number, through: ReadonlySet<number>): number {
    let at = id;
    for (let depth = 0; depth <= BTF_MAX_DEPTH; depth++) {
      this.checkId(at);
      if (!through.has(kindOf(this.layout, at))) return at;
      at = sizeOrTypeOf(this.layout, at);
    }
    throw typeRefusal(id, `it refers to others more than ${BTF_MAX_DEPTH} deep`);
  }

  #size(id: number): number | undefined {
    let at = id;
    let elements = 1;
    for (let depth = 0; depth <= BTF_MAX_DEPTH; depth++) {
      at = this.#follow(at, SIZED_BY_ANOTHER);
      const kind = kindOf(this.layout, at);
      if (kind !== KIND.array) {
        const size = ownSize(this.layout, at, kind);
        return size === undefined || size * elements > MAX_BYTES ? undefined : size * elements;
      }
      elements *= extraWord(this.layout, at, 2);
      at = extraWord(this.layout, at, 0);
    }
    throw typeRefusal(id, `its elements lie in one another more than ${BTF_MAX_DEPTH} deep`);
  }
}

const RESOLVED: ReadonlySet<number> = new Set([KIND.typedef, KIND.volatile, KIND.const, KIND.restrict, KIND.typeTag]);

const SIZED_BY_ANOTHER: ReadonlySet<number> = new Set([...RESOLVED, KIND.var]);

const MAX_BYTES = 0xffff_ffff;

const POINTER_BYTES = 8;

function ownSize(layout: BtfLayout, id: number, kind: number): number | undefined {
  if (kind === KIND.ptr) return POINTER_BYTES;
  return HAS_SIZE.has(kind) ? sizeOrTypeOf(layout, id) : undefined;
}

const HAS_SIZE: ReadonlySet<number> = new Set([
  KIND.int,
  KIND.struct,
  KIND.union,
  KIND.enum,
  KIND.enum64,
  KIND.float,
  KIND.datasec,
]);
