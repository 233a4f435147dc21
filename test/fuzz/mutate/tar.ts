import type { Random } from '../random.js';
import { concat, type Mutate, mutateBytes } from './bytes.js';

/** Bytes of a block. The fields of a header: pax(1), "ustar Interchange Format". */
const BLOCK_BYTES = 512;
const FIELDS: readonly (readonly [at: number, size: number])[] = [
  ...([
    [0, 100],
    [100, 8],
    [108, 8],
    [116, 8],
    [124, 12],
    [136, 12],
    [156, 1],
    [157, 100],
  ] as const),
  ...([
    [257, 8],
    [265, 32],
    [329, 8],
    [345, 155],
  ] as const),
];

/** Changes one to three things of a tar archive; the sums of its headers are made right again, most of the time. */
export const mutateTar: Mutate = (bytes, random) => {
  if (bytes.length < BLOCK_BYTES || random.oneIn(10)) return mutateBytes(bytes, random);
  let mutated: Uint8Array = bytes.slice();
  for (let change = random.below(3); change >= 0; change--) mutated = random.pick(CHANGES)(mutated, random);
  return mutated;
};

const CHANGES: readonly Mutate[] = [changeHeader, changeHeader, changeHeader, moveBlock, insertBlock];

function changeHeader(bytes: Uint8Array, random: Random): Uint8Array {
  const at = randomBlock(bytes, random);
  const [field, size] = random.pick(FIELDS);
  const text = random.pick([...TEXTS, String.fromCharCode(random.below(256))]).slice(0, size);
  bytes.fill(0, at + field, at + field + size);
  bytes.set(new TextEncoder().encode(text).subarray(0, size), at + field);
  if (!random.oneIn(10)) sign(bytes.subarray(at, at + BLOCK_BYTES));
  return bytes;
}

function moveBlock(bytes: Uint8Array, random: Random): Uint8Array {
  const from = randomBlock(bytes, random);
  bytes.copyWithin(randomBlock(bytes, random), from, from + BLOCK_BYTES);
  return bytes;
}

function insertBlock(bytes: Uint8Array, random: Random): Uint8Array {
  const at = randomBlock(bytes, random);
  const from = randomBlock(bytes, random);
  return concat(bytes.subarray(0, at), bytes.subarray(from, from + BLOCK_BYTES), bytes.subarray(at));
}

function randomBlock(bytes: Uint8Array, random: Random): number {
  // The first is a header for sure; others may be content.
  return random.oneIn(3) ? 0 : random.below(Math.floor(bytes.length / BLOCK_BYTES)) * BLOCK_BYTES;
}

/** The sum of all bytes of a header, its own field counted as spaces. */
function sign(header: Uint8Array): void {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}

const TEXTS = [
  ...[
    '../x',
    '/etc/passwd',
    'a/../b',
    'a//b',
    './a',
    'a\\b',
    'package.json',
    'ebpm.json',
    '',
    '\0',
    ' ',
    'ustar\u000000',
  ],
  ...[
    '00000000001\0',
    '77777777777\0',
    '99999999999\0',
    '\x80\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f',
    '-1',
    '1 ',
  ],
  ...['1', '2', '3', '5', '6', 'x', 'g', 'L', 'K', 'S', '7', 'a'.repeat(155), 'ä', '\ufeff', 'C:\\x', 'CON', 'A', 'a'],
] as const;
