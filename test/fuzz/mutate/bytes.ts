import type { Random } from '../random.js';

/** Changes bytes without knowing what they mean. */
export type Mutate = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Numbers at which signs, sizes and sums turn over. */
export const NASTY = [
  0, 1, 2, 7, 0x7f, 0xff, 0x1000, 0xffff, 0x10000, 0xffffff, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff,
] as const;

/** One to four changes: bytes, words, pieces cut out, doubled, moved or cut off. */
export const mutateBytes: Mutate = (bytes, random) => {
  let mutated: Uint8Array = bytes.slice();
  for (let change = random.below(4); change >= 0; change--) mutated = random.pick(CHANGES)(mutated, random);
  return mutated;
};

const CHANGES: readonly Mutate[] = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.word();
    return bytes;
  },
  (bytes, random) => {
    putNasty(bytes, random.below(bytes.length) & ~3, random);
    return bytes;
  },
  (bytes, random) => {
    const at = random.below(bytes.length);
    return concat(bytes.subarray(0, at), bytes.subarray(at + pieceBytes(random)));
  },
  (bytes, random) => {
    const at = random.below(bytes.length);
    return concat(bytes.subarray(0, at + pieceBytes(random)), bytes.subarray(at));
  },
  (bytes, random) => {
    const length = pieceBytes(random);
    bytes.copyWithin(random.below(bytes.length), random.below(bytes.length), random.below(bytes.length) + length);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)).slice(),
];

/** Puts a nasty number, the old one plus or minus a little, or a random one into the 32-bit word at `at`. */
export function putNasty(bytes: Uint8Array, at: number, random: Random): void {
  if (at < 0 || at + 4 > bytes.length) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const old = view.getUint32(at, true);
  const wishes = [random.pick(NASTY), old + random.below(17) - 8, random.word(), old ^ (1 << random.below(32))];
  view.setUint32(at, random.pick(wishes), true);
}

function pieceBytes(random: Random): number {
  return random.oneIn(4) ? random.below(4096) : 1 + random.below(16);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
