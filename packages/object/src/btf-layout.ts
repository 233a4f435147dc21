import { littleEndianWords } from './data-view.js';
import { BTF_MAX_TYPE_ID } from './limits.js';
import { refusal, typeRefusal } from './refusal.js';

/**
 * Where each type of a BTF blob starts, and how to read its parts. A type is
 *
 *     u32 name | u32 info | u32 size or type | what its kind adds
 *     info: bit 31 kind_flag, bits 24 to 28 kind, bits 0 to 15 vlen (count of members, values, parameters or variables)
 *
 * @see https://docs.kernel.org/bpf/btf.html#type-encoding
 */
export interface BtfLayout {
  /** Types, void included. */
  readonly count: number;
  /** Kind numbers by id. */
  readonly kinds: Uint8Array;
  /** The type section. */
  readonly words: Uint32Array;
  /** Index of the first word of each type, by id. */
  readonly starts: Uint32Array;
}

/** The numbers of the kinds (BTF_KIND_*). */
export const KIND = {
  void: 0,
  int: 1,
  ptr: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  fwd: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  func: 12,
  funcProto: 13,
  var: 14,
  datasec: 15,
  float: 16,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

/** Words of what all kinds have (struct btf_type). */
export const TYPE_WORDS = 3;

/** Words of what follows for each member, value, parameter or variable. */
export const MEMBER_WORDS = 3;
export const VALUE_WORDS = 2;
export const VALUE64_WORDS = 3;
export const PARAM_WORDS = 2;
export const SECTION_VARIABLE_WORDS = 3;

/** Words of what follows, by kind number: once, and for each of vlen. */
const EXTRA_WORDS: readonly (readonly [once: number, each: number])[] = [
  /* void     */ [0, 0],
  /* int      */ [1, 0],
  /* ptr      */ [0, 0],
  /* array    */ [3, 0],
  /* struct   */ [0, MEMBER_WORDS],
  /* union    */ [0, MEMBER_WORDS],
  /* enum     */ [0, VALUE_WORDS],
  /* fwd      */ [0, 0],
  /* typedef  */ [0, 0],
  /* volatile */ [0, 0],
  /* const    */ [0, 0],
  /* restrict */ [0, 0],
  /* func     */ [0, 0],
  /* proto    */ [0, PARAM_WORDS],
  /* var      */ [1, 0],
  /* datasec  */ [0, SECTION_VARIABLE_WORDS],
  /* float    */ [0, 0],
  /* decl_tag */ [1, 0],
  /* type_tag */ [0, 0],
  /* enum64   */ [0, VALUE64_WORDS],
];

/** Bits of info that no kind uses. @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/btf.c (BTF_INFO_MASK) */
const UNUSED = 0x60ff_0000;
const VLEN = 0xffff;
const KIND_FLAG = 0x8000_0000;
/** The vlen of a function is its linkage, 0 to 2. */
const LINKAGE = 0x0003;

/** Bits of info that a kind does not use, by kind number; tags have had the kind flag since Linux 6.15. */
const RESERVED_INFO: readonly number[] = [
  /* void     */ UNUSED | VLEN | KIND_FLAG,
  /* int      */ UNUSED | VLEN | KIND_FLAG,
  /* ptr      */ UNUSED | VLEN | KIND_FLAG,
  /* array    */ UNUSED | VLEN | KIND_FLAG,
  /* struct   */ UNUSED,
  /* union    */ UNUSED,
  /* enum     */ UNUSED,
  /* fwd      */ UNUSED | VLEN,
  /* typedef  */ UNUSED | VLEN | KIND_FLAG,
  /* volatile */ UNUSED | VLEN | KIND_FLAG,
  /* const    */ UNUSED | VLEN | KIND_FLAG,
  /* restrict */ UNUSED | VLEN | KIND_FLAG,
  /* func     */ UNUSED | (VLEN & ~LINKAGE) | KIND_FLAG,
  /* proto    */ UNUSED | KIND_FLAG,
  /* var      */ UNUSED | VLEN | KIND_FLAG,
  /* datasec  */ UNUSED | KIND_FLAG,
  /* float    */ UNUSED | VLEN | KIND_FLAG,
  /* decl_tag */ UNUSED | VLEN,
  /* type_tag */ UNUSED | VLEN,
  /* enum64   */ UNUSED,
];

/** The words of a type without those of each of vlen, and those, by kind number; 0 for numbers that are no kind's: void is no type here. */
const ONCE_WORDS = Uint8Array.from({ length: 32 }, (_, kind) =>
  kind === KIND.void || EXTRA_WORDS[kind] === undefined ? 0 : TYPE_WORDS + EXTRA_WORDS[kind][0],
);
const EACH_WORDS = Uint8Array.from({ length: 32 }, (_, kind) => EXTRA_WORDS[kind]?.[1] ?? 0);

/**
 * Finds where each type starts. A kernel has more than 100,000 and the loop is not compiled yet when it begins with them, so it does
 * little for each, and what is wrong is said elsewhere.
 * @param words those of the types
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED for an unknown kind, EBPM_BTF_TOO_LARGE
 */
export function layOutTypes(types: Uint8Array, words = littleEndianWords(types)): BtfLayout {
  const last = words.length - TYPE_WORDS;
  const room = Math.floor(words.length / TYPE_WORDS) + 1;
  const kinds = new Uint8Array(room);
  const starts = new Uint32Array(room);
  const [once, each, reserved] = [ONCE_WORDS, EACH_WORDS, RESERVED_BITS];
  let count = 1;
  let at = 0;
  while (at <= last) {
    const info = words[at + 1] as number;
    const kind = (info >>> 24) & 0x1f;
    const size = once[kind] as number;
    if (size === 0 || (info & (reserved[kind] as number)) !== 0 || count > BTF_MAX_TYPE_ID) throw noType(count, info);
    kinds[count] = kind;
    starts[count] = at;
    count++;
    at += size + (each[kind] as number) * (info & VLEN);
  }
  if (at * 4 !== types.length) throw typeRefusal(count - 1, 'the type section ends inside it or right after it');
  return { count, kinds: kinds.subarray(0, count), starts: starts.subarray(0, count), words };
}

const RESERVED_BITS = Uint32Array.from(RESERVED_INFO);

function noType(id: number, info: number): Error {
  const kind = (info >>> 24) & 0x1f;
  if (kind >= EXTRA_WORDS.length) {
    return refusal('EBPM_BTF_UNSUPPORTED', `type ${id}: its kind is ${kind}`, { typeId: id });
  }
  if (kind === KIND.void) return typeRefusal(id, 'its kind is 0, which is void alone');
  if ((info & (RESERVED_INFO[kind] ?? 0)) !== 0) {
    return typeRefusal(id, `it has flags 0x${info.toString(16)} that its kind does not have`);
  }
  return refusal('EBPM_BTF_TOO_LARGE', `it has more than ${BTF_MAX_TYPE_ID} types`, { typeId: id });
}

/** The kind number of a type; ids outside have kind void. */
export function kindOf(layout: BtfLayout, id: number): number {
  return layout.kinds[id] ?? KIND.void;
}

/** The offset of a type's name. */
export function nameOffsetOf(layout: BtfLayout, id: number): number {
  return id === 0 ? 0 : wordAt(layout, id, 0);
}

/** Count of members, values, parameters or variables; linkage of a function. */
export function vlenOf(layout: BtfLayout, id: number): number {
  return wordAt(layout, id, 1) & 0xffff;
}

/** kind_flag: bitfields in a struct, signed in an enum, union in a forward declaration, attribute in a tag. */
export function kindFlagOf(layout: BtfLayout, id: number): boolean {
  return wordAt(layout, id, 1) >>> 31 === 1;
}

/** The third word: the size of kinds that have one, the type of those that refer to one. */
export function sizeOrTypeOf(layout: BtfLayout, id: number): number {
  return wordAt(layout, id, 2);
}

/** Index of the first word of what follows the three that all kinds have. */
export function extraStart(layout: BtfLayout, id: number): number {
  return (layout.starts[id] ?? 0) + TYPE_WORDS;
}

/** A word of what follows the three that all kinds have. */
export function extraWord(layout: BtfLayout, id: number, index: number): number {
  return wordAt(layout, id, TYPE_WORDS + index);
}

function wordAt(layout: BtfLayout, id: number, index: number): number {
  return layout.words[(layout.starts[id] ?? 0) + index] ?? 0;
}
