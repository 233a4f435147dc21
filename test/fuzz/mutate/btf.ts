import type { Random } from '../random.js';
import { type Mutate, mutateBytes, NASTY, putNasty } from './bytes.js';

/** Bytes of struct btf_header. */
const HEADER_BYTES = 24;

/** A type's kind, by which the number of words behind its first three is known: kinds 1 to 19. */
const KINDS = 20;

/** Changes one or two things of a BTF blob where they matter: its header, a type's words, its strings. */
export const mutateBtf: Mutate = (bytes, random) => {
  if (bytes.length < HEADER_BYTES || random.oneIn(16)) return mutateBytes(bytes, random);
  const mutated = bytes.slice();
  for (let change = random.below(2); change >= 0; change--) random.pick(CHANGES)(mutated, random);
  return mutated;
};

/** In place: the sections of an object have room for no more. */
const CHANGES: readonly ((bytes: Uint8Array, random: Random) => void)[] = [
  (bytes, random) => {
    if (random.oneIn(8)) putNasty(bytes, random.below(HEADER_BYTES / 4) * 4, random);
  },
  changeInfo,
  changeWord,
  changeWord,
  copyWord,
  (bytes, random) => {
    const { strings, end } = layout(bytes);
    const at = strings + random.below(end - strings);
    if (at < bytes.length) bytes[at] = random.pick([0, 0x20, 0x2e, 0x80, 0xff, random.word()]);
  },
];

/** Another kind, another number of members, or the kind flag turned over. */
function changeInfo(bytes: Uint8Array, random: Random): void {
  const at = randomTypeWord(bytes, random);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 8 > bytes.length) return;
  const kind = random.below(KINDS) << 24;
  const members = random.oneIn(4) ? random.pick(NASTY) & 0xffff : random.below(6);
  view.setUint32(at + 4, (kind | members | (random.oneIn(4) ? 0x80000000 : 0)) >>> 0, true);
}

function changeWord(bytes: Uint8Array, random: Random): void {
  putNasty(bytes, randomTypeWord(bytes, random), random);
}

/** A word from elsewhere among the types: often a valid name or type id in the wrong place. */
function copyWord(bytes: Uint8Array, random: Random): void {
  const from = randomTypeWord(bytes, random);
  const to = randomTypeWord(bytes, random);
  if (Math.max(from, to) + 4 <= bytes.length) bytes.copyWithin(to, from, from + 4);
}

function randomTypeWord(bytes: Uint8Array, random: Random): number {
  const { types, strings } = layout(bytes);
  return types + (random.below(strings - types) & ~3);
}

/** Where types and strings lie, kept within the blob whatever the header says. */
function layout(bytes: Uint8Array): { types: number; strings: number; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inside = (at: number) => Math.min(at, bytes.length);
  const header = view.getUint32(4, true);
  const types = inside(header + view.getUint32(8, true));
  const strings = inside(header + view.getUint32(16, true));
  return { types, strings: Math.max(types, strings), end: inside(strings + view.getUint32(20, true)) };
}
