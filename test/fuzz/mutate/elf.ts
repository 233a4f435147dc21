import type { Random } from '../random.js';
import { mutateBtf } from './btf.js';
import { type Mutate, mutateBytes, putNasty } from './bytes.js';

/** Bytes of Elf64_Ehdr and Elf64_Shdr. @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.sheader.html */
const EHDR_BYTES = 64;
const SHDR_BYTES = 64;

/** Changes one to three things of an ELF object where they matter: headers, tables, BTF, instructions, names. */
export const mutateElf: Mutate = (bytes, random) => {
  if (bytes.length < EHDR_BYTES || random.oneIn(16)) return mutateBytes(bytes, random);
  const mutated = bytes.slice();
  for (let change = random.below(3); change >= 0; change--) random.pick(CHANGES)(mutated, random);
  return mutated;
};

const CHANGES: readonly ((bytes: Uint8Array, random: Random) => void)[] = [
  (bytes, random) => {
    if (random.oneIn(4)) putNasty(bytes, random.below(EHDR_BYTES / 4) * 4, random);
  },
  changeSectionHeader,
  changeSectionHeader,
  swapSectionHeaders,
  ...[changeContent, changeContent, changeName, changeTypes, changeTypes, changeTypes],
];

function changeSectionHeader(bytes: Uint8Array, random: Random): void {
  const { at } = randomSection(bytes, random);
  putNasty(bytes, at + random.below(SHDR_BYTES / 4) * 4, random);
}

/** One section takes the place, the type or the links of another. */
function swapSectionHeaders(bytes: Uint8Array, random: Random): void {
  const from = randomSection(bytes, random).at;
  const to = randomSection(bytes, random).at;
  const field = random.below(SHDR_BYTES / 8) * 8;
  if (Math.max(from, to) + SHDR_BYTES > bytes.length) return;
  bytes.copyWithin(to + field, from + field, from + field + 8);
}

/** A word of any section: an instruction, a symbol, a relocation, a name. */
function changeContent(bytes: Uint8Array, random: Random): void {
  const { start, end } = randomSection(bytes, random);
  putNasty(bytes, start + (random.below(end - start) & ~3), random);
}

/** A letter in a name of a section or symbol. */
function changeName(bytes: Uint8Array, random: Random): void {
  for (let attempt = 0; attempt < 32; attempt++) {
    const { at, start, end } = randomSection(bytes, random);
    if (at === 0 || bytes[at + 4] !== STRTAB || end <= start) continue;
    bytes[start + random.below(end - start)] = random.pick(LETTERS).charCodeAt(0);
    return;
  }
}

/** The low byte of sh_type. */
const STRTAB = 3;
const LETTERS = [...'/:*+?.0x_ \0', 'ÿ'] as const;

function changeTypes(bytes: Uint8Array, random: Random): void {
  for (let attempt = 0; attempt < 32; attempt++) {
    const { start, end } = randomSection(bytes, random);
    if (end - start < 8 || bytes[start] !== 0x9f || bytes[start + 1] !== 0xeb) continue;
    bytes.set(mutateBtf(bytes.subarray(start, end), random).subarray(0, end - start), start);
    return;
  }
}

/** A section's header and content, kept within the file whatever the headers say. */
function randomSection(bytes: Uint8Array, random: Random): { at: number; start: number; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.max(1, view.getUint16(60, true));
  const at = view.getUint32(40, true) + random.below(count) * SHDR_BYTES;
  if (at + SHDR_BYTES > bytes.length) return { at: 0, start: 0, end: bytes.length };
  const start = Math.min(view.getUint32(at + 24, true), bytes.length);
  return { at, start, end: Math.min(start + view.getUint32(at + 32, true), bytes.length) };
}
