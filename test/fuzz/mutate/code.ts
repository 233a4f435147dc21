import type { Random } from '../random.js';
import { type Mutate, NASTY, putNasty } from './bytes.js';
import { mutateElf } from './elf.js';

const SHDR_BYTES = 64;
const EXECUTABLE = 4;
const INSTRUCTION_BYTES = 8;

/** Opcodes that lead somewhere, load what is relocated, or do not exist. */
const OPCODES = [0x05, 0x06, 0x15, 0x55, 0x85, 0x8d, 0x95, 0x18, 0xb7, 0xbf, 0x07, 0x0f, 0x61, 0x7b, 0xdb, 0xe5, 0x00];

/** Changes one to eight instructions of an object: what they are, where they lead, what they call. */
export const mutateCode: Mutate = (bytes, random) => {
  if (bytes.length < SHDR_BYTES || random.oneIn(8)) return mutateElf(bytes, random);
  const mutated = bytes.slice();
  const sections = codeSections(mutated);
  if (sections.length === 0) return mutateElf(bytes, random);
  for (let change = random.below(8); change >= 0; change--) {
    const { start, count } = random.pick(sections);
    changeInstruction(mutated, start + random.below(count) * INSTRUCTION_BYTES, random);
  }
  return mutated;
};

function changeInstruction(bytes: Uint8Array, at: number, random: Random): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const changes: readonly (() => void)[] = [
    () => view.setUint8(at, random.pick(OPCODES)),
    () => view.setUint8(at, random.below(256)),
    () => view.setUint8(at + 1, random.below(256)),
    () => view.setInt16(at + 2, random.below(64) - 32, true),
    () => view.setInt16(at + 2, random.pick(NASTY), true),
    () => view.setInt32(at + 4, random.below(220), true),
    () => putNasty(bytes, at + 4, random),
  ];
  random.pick(changes)();
}

function codeSections(bytes: Uint8Array): readonly { readonly start: number; readonly count: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = view.getUint32(40, true);
  return Array.from({ length: view.getUint16(60, true) }, (_, index) => table + index * SHDR_BYTES).flatMap(
    (header) => {
      if (header + SHDR_BYTES > bytes.length) return [];
      const start = view.getUint32(header + 24, true);
      const count = view.getUint32(header + 32, true) >>> 3;
      const isCode = (view.getUint32(header + 8, true) & EXECUTABLE) !== 0;
      return isCode && count > 0 && start + count * INSTRUCTION_BYTES <= bytes.length ? [{ start, count }] : [];
    },
  );
}
