import {
  type BtfLayout,
  extraStart,
  extraWord,
  KIND,
  kindFlagOf,
  kindOf,
  MEMBER_WORDS,
  sizeOrTypeOf,
  vlenOf,
} from './btf-layout.js';
import { BTF_MAX_DEPTH } from './limits.js';
import { refusal, typeRefusal } from './refusal.js';

/** What every type comes to, by id. */
export interface BtfMeasures {
  /** The size of a value in bytes, or `NO_SIZE`. */
  readonly sizes: Float64Array;
  /** The type behind typedefs, const, volatile, restrict and type tags. */
  readonly resolved: Uint32Array;
}

/** Void, forward declarations, functions, prototypes and tags have no size. */
export const NO_SIZE = -1;

/** Pointers of eBPF and of every kernel that ebpm serves have 8 bytes. */
const POINTER_BYTES = 8;

const MAX_ARRAY_BYTES = 0xffff_ffff;

/** Kinds that hold nothing by value, and where their size comes from; 0 for the others, by kind number. */
const SIZED = 1;
const POINTER = 2;
const SIZELESS = 3;
const LEAVES: readonly number[] = [
  /* void     */ SIZELESS,
  /* int      */ SIZED,
  /* ptr      */ POINTER,
  /* array    */ 0,
  /* struct   */ 0,
  /* union    */ 0,
  /* enum     */ SIZED,
  /* fwd      */ SIZELESS,
  /* typedef  */ 0,
  /* volatile */ 0,
  /* const    */ 0,
  /* restrict */ 0,
  /* func     */ SIZELESS,
  /* proto    */ SIZELESS,
  /* var      */ 0,
  /* datasec  */ SIZED,
  /* float    */ SIZED,
  /* decl_tag */ SIZELESS,
  /* type_tag */ 0,
  /* enum64   */ SIZED,
];

const UNSEEN = 0;
const OPEN = 255;

/**
 * Follows what types hold by value (members, elements, what a typedef or const stands for), so that afterwards sizes and
 * resolving are look-ups: nothing holds itself, nothing lies deeper than `BTF_MAX_DEPTH`, members lie inside their struct.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_TOO_LARGE
 */
export function measureTypes(layout: BtfLayout): BtfMeasures {
  const measure = new Measure(layout);
  measure.leaves();
  measure.others();
  return measure;
}

class Measure implements BtfMeasures {
  readonly sizes: Float64Array;
  readonly resolved: Uint32Array;
  readonly #layout: BtfLayout;
  /** How deep a type goes, from 1; OPEN while what it holds is being followed. */
  readonly #depths: Uint8Array;

  constructor(layout: BtfLayout) {
    this.#layout = layout;
    this.sizes = new Float64Array(layout.count).fill(NO_SIZE);
    this.resolved = new Uint32Array(layout.count);
    this.#depths = new Uint8Array(layout.count);
  }

  /** Most types hold nothing; one plain loop is done with them sooner. */
  leaves(): void {
    const { kinds, words, starts, count } = this.#layout;
    const { sizes, resolved } = this;
    const depths = this.#depths;
    for (let id = 0; id < count; id++) {
      const leaf = LEAVES[kinds[id] ?? 0] ?? 0;
      resolved[id] = id;
      if (leaf === 0) continue;
      depths[id] = 1;
      if (leaf === POINTER) sizes[id] = POINTER_BYTES;
      if (leaf === SIZED) sizes[id] = words[(starts[id] ?? 0) + 2] ?? 0;
    }
  }

  others(): void {
    const depths = this.#depths;
    for (let id = 1; id < depths.length; id++) if (depths[id] === UNSEEN) this.#visit(id, 0);
  }

  /** @returns how deep the type goes */
  #visit(id: number, level: number): number {
    const known = this.#depths[id] ?? UNSEEN;
    if (known === OPEN) throw typeRefusal(id, 'it contains itself');
    if (known !== UNSEEN) return known;
    if (level >= BTF_MAX_DEPTH) throw tooDeep(id);
    this.#depths[id] = OPEN;
    const depth = 1 + this.#inside(id, level + 1);
    if (depth > BTF_MAX_DEPTH) throw tooDeep(id);
    this.#depths[id] = depth;
    return depth;
  }

  /** Sets the size and what the type resolves to. @returns how deep the deepest type goes that this one holds */
  #inside(id: number, level: number): number {
    const kind = kindOf(this.#layout, id);
    if (kind === KIND.struct || kind === KIND.union) return this.#members(id, level);
    if (kind === KIND.array) return this.#array(id, level);
    const target = sizeOrTypeOf(this.#layout, id);
    const depth = this.#visit(target, level);
    this.sizes[id] = this.#sizeOf(target);
    if (kind !== KIND.var) this.resolved[id] = this.resolved[target] ?? 0;
    return depth;
  }

  #array(id: number, level: number): number {
    const element = extraWord(this.#layout, id, 0);
    const index = extraWord(this.#layout, id, 1);
    const depth = this.#visit(element, level);
    this.#visit(index, level);
    const elementBytes = this.#sizeOf(element);
    if (elementBytes === NO_SIZE) throw typeRefusal(id, `its element, type ${element}, has no size`);
    if (kindOf(this.#layout, this.resolved[index] ?? 0) !== KIND.int) {
      throw typeRefusal(id, `its index, type ${index}, is no integer`);
    }
    const size = elementBytes * extraWord(this.#layout, id, 2);
    if (size > MAX_ARRAY_BYTES) throw typeRefusal(id, `an array has ${size} bytes`);
    this.sizes[id] = size;
    return depth;
  }

  #members(id: number, level: number): number {
    const { words } = this.#layout;
    const { sizes } = this;
    const depths = this.#depths;
    const size = sizeOrTypeOf(this.#layout, id);
    const kindFlag = kindFlagOf(this.#layout, id);
    const isUnion = kindOf(this.#layout, id) === KIND.union;
    const start = extraStart(this.#layout, id);
    const end = start + vlenOf(this.#layout, id) * MEMBER_WORDS;
    let deepest = 0;
    let previous = 0;
    sizes[id] = size;
    for (let at = start; at < end; at += MEMBER_WORDS) {
      const type = words[at + 1] ?? 0;
      const word = words[at + 2] ?? 0;
      const offsetBits = kindFlag ? word & 0xff_ffff : word;
      const bitfieldBits = kindFlag ? word >>> 24 : 0;
      const known = depths[type] ?? UNSEEN;
      const depth = known === UNSEEN || known === OPEN ? this.#visit(type, level) : known;
      if (depth > deepest) deepest = depth;
      if (offsetBits < previous || (isUnion && offsetBits !== 0)) {
        throw typeRefusal(id, `a member is at bit ${offsetBits}, after one at bit ${previous}`);
      }
      previous = offsetBits;
      const typeBytes = sizes[type] ?? NO_SIZE;
      if (bitfieldBits === 0) {
        if (typeBytes === NO_SIZE) throw typeRefusal(id, `a member has type ${type}, which has no size`);
        if (offsetBits % 8 !== 0) throw typeRefusal(id, `a member that is no bitfield is at bit ${offsetBits}`);
      } else if (!this.#canBeBitfield(type, bitfieldBits)) {
        throw typeRefusal(id, `a bitfield of ${bitfieldBits} bits has type ${type}`);
      }
      const endBits = offsetBits + (bitfieldBits || typeBytes * 8);
      if (endBits > size * 8) throw typeRefusal(id, `a member ends at bit ${endBits} of ${size * 8}`);
    }
    return deepest;
  }

  #canBeBitfield(type: number, bits: number): boolean {
    const kind = kindOf(this.#layout, this.resolved[type] ?? 0);
    return (kind === KIND.int || kind === KIND.enum || kind === KIND.enum64) && bits <= this.#sizeOf(type) * 8;
  }

  #sizeOf(id: number): number {
    return this.sizes[id] ?? NO_SIZE;
  }
}

function tooDeep(id: number): Error {
  return refusal('EBPM_BTF_TOO_LARGE', `type ${id}: types lie in one another more than ${BTF_MAX_DEPTH} deep`, {
    typeId: id,
  });
}
