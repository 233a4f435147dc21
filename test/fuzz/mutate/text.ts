import type { Random } from '../random.js';
import { type Mutate, mutateBytes } from './bytes.js';

/** Changes one to three lines of a text, and now and then its bytes. */
export const mutateText: Mutate = (bytes, random) => {
  if (random.oneIn(4)) return mutateBytes(bytes, random);
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  for (let change = random.below(3); change >= 0; change--) {
    const at = random.below(lines.length);
    lines.splice(at, 1, ...random.pick(CHANGES)(lines[at] ?? '', random));
  }
  return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'));
};

const CHANGES: readonly ((line: string, random: Random) => readonly string[])[] = [
  changeWord,
  changeWord,
  changeWord,
  (line) => [line, line],
  () => [],
  (line, random) => [line.slice(0, random.below(line.length)), line],
  (line, random) => [line.repeat(1 + random.below(64))],
];

/** Another word in the place of one, or a letter more or less. */
function changeWord(line: string, random: Random): readonly string[] {
  const words = line.split(/([\s:[\]-]+)/);
  const at = random.below(words.length);
  const word = words[at] ?? '';
  words[at] = random.oneIn(2) ? random.pick(WORDS) : word.slice(random.below(2)) + random.pick(LETTERS);
  return [words.join('')];
}

const WORDS = [
  '',
  '0',
  '-1',
  'ffffffffffffffff',
  '10000000000000000',
  '99999999999999999999',
  '0x',
  'e',
  'T',
  '[x]',
  '\0',
  'ÿ',
] as const;
const LETTERS = ['', '0', 'f', 'g', ' ', '-', ':', ']', '\r', '\0', 'ÿ'] as const;
