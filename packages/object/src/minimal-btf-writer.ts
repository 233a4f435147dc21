import { BTF_HEADER_BYTES, BTF_MAGIC } from './btf-header.js';
import {
  type BtfLayout,
  extraStart,
  KIND,
  kindOf,
  MEMBER_WORDS,
  PARAM_WORDS,
  sizeOrTypeOf,
  VALUE_WORDS,
  VALUE64_WORDS,
  vlenOf,
} from './btf-layout.js';
import type { BtfStrings } from './btf-strings.js';
import { viewOf } from './data-view.js';
import { GONE, type KeptTypes, WHOLE } from './minimal-btf-types.js';

/** Writes the types that stay as a BTF blob of their own, numbered anew in the old order. */
export function writeKeptTypes(layout: BtfLayout, strings: BtfStrings, kept: KeptTypes): Uint8Array {
  const ids = newIds(kept);
  const names = new KeptStrings(strings);
  const words: number[] = [];
  for (let id = 1; id < layout.count; id++) {
    if (kept[id] !== GONE) words.push(...typeWords(layout, id, kept[id] === WHOLE, { ids, names }));
  }
  return blob(words, names.bytes());
}

/** What old ids and names become. */
interface Renaming {
  readonly ids: Uint32Array;
  readonly names: KeptStrings;
}

function newIds(kept: KeptTypes): Uint32Array {
  const ids = new Uint32Array(kept.length);
  let next = 1;
  for (let id = 1; id < kept.length; id++) if (kept[id] !== GONE) ids[id] = next++;
  return ids;
}

/** Words that follow the common three, by kind: how many for each of vlen, and which of them are names or ids. */
const PARTS: Readonly<Record<number, { readonly words: number; readonly name?: number; readonly id?: number }>> = {
  [KIND.struct]: { words: MEMBER_WORDS, name: 0, id: 1 },
  [KIND.union]: { words: MEMBER_WORDS, name: 0, id: 1 },
  [KIND.enum]: { words: VALUE_WORDS, name: 0 },
  [KIND.enum64]: { words: VALUE64_WORDS, name: 0 },
  [KIND.funcProto]: { words: PARAM_WORDS, name: 0, id: 1 },
};

/** Kinds whose third word is a type; in the others it is a size. */
const REFERRING: ReadonlySet<number> = new Set([
  KIND.ptr,
  KIND.typedef,
  KIND.volatile,
  KIND.const,
  KIND.restrict,
  KIND.typeTag,
  KIND.funcProto,
]);

function typeWords(layout: BtfLayout, id: number, whole: boolean, { ids, names }: Renaming): number[] {
  const kind = kindOf(layout, id);
  const { words } = layout;
  const start = layout.starts[id] ?? 0;
  const info = words[start + 1] ?? 0;
  const third = sizeOrTypeOf(layout, id);
  // A prototype is what it is by its parameters: it has no shell.
  const parts = whole || kind === KIND.funcProto ? vlenOf(layout, id) : 0;
  const common = [
    names.offsetOf(words[start] ?? 0),
    PARTS[kind] === undefined ? info : ((info & ~VLEN) | parts) >>> 0,
    REFERRING.has(kind) ? (ids[third] ?? 0) : third,
  ];
  const at = extraStart(layout, id);
  switch (kind) {
    case KIND.int:
      return [...common, words[at] ?? 0];
    case KIND.array:
      return [...common, ids[words[at] ?? 0] ?? 0, ids[words[at + 1] ?? 0] ?? 0, words[at + 2] ?? 0];
    default: {
      const part = PARTS[kind];
      if (part === undefined) return common;
      const extra = Array.from(words.subarray(at, at + parts * part.words), (word, index) => {
        const place = index % part.words;
        if (place === part.name) return names.offsetOf(word);
        return place === part.id ? (ids[word] ?? 0) : word;
      });
      return [...common, ...extra];
    }
  }
}

/** Bits of info that count members, values or parameters. */
const VLEN = 0xffff;

/** The strings that stay, each once. */
class KeptStrings {
  readonly #old: Uint8Array;
  readonly #offsets = new Map<number, number>([[0, 0]]);
  readonly #bytes: number[] = [0];

  constructor({ bytes }: BtfStrings) {
    this.#old = bytes;
  }

  /** Where the string is now that was at an offset. */
  offsetOf(old: number): number {
    const known = this.#offsets.get(old);
    if (known !== undefined) return known;
    const offset = this.#bytes.length;
    for (let at = old; this.#old[at] !== 0; at++) this.#bytes.push(this.#old[at] ?? 0);
    this.#bytes.push(0);
    this.#offsets.set(old, offset);
    return offset;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Header, types and strings. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/btf.h (struct btf_header) */
function blob(words: readonly number[], strings: Uint8Array): Uint8Array {
  const typeBytes = words.length * 4;
  const bytes = new Uint8Array(BTF_HEADER_BYTES + typeBytes + strings.length);
  const view = viewOf(bytes);
  view.setUint16(0, BTF_MAGIC, true);
  view.setUint8(2, 1);
  const header = [BTF_HEADER_BYTES, 0, typeBytes, typeBytes, strings.length];
  for (const [index, word] of header.entries()) view.setUint32(4 + index * 4, word, true);
  for (const [index, word] of words.entries()) view.setUint32(BTF_HEADER_BYTES + index * 4, word, true);
  bytes.set(strings, BTF_HEADER_BYTES + typeBytes);
  return bytes;
}
