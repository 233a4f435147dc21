import { EbpmError } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import type { BpfObject } from '../src/bpf-object.js';
import { readBtf } from '../src/read-btf.js';
import { readElf } from '../src/read-elf.js';
import { readObject } from '../src/read-object.js';
import { compileFixture, stripFixture } from './compile-fixture.js';

const MUTANTS = 600;

/** A mutant takes a millisecond; a reader that goes in circles takes for ever. */
const MAX_MS = 1000;

describe('mutated objects', () => {
  test.each(['tracer', 'maps', 'types'])(
    'readObject() of mutants of %s ends with an object or an EbpmError',
    (name) => {
      const { bytes } = stripFixture(name);
      const random = randomNumbers(0x9e3779b9);
      const ended = { read: 0, refused: 0 };
      for (let mutant = 0; mutant < MUTANTS; mutant++) {
        const mutated = mutate(bytes, random);
        const started = performance.now();
        ended[outcome(() => follow(readObject(mutated)))]++;
        expect(performance.now() - started).toBeLessThan(MAX_MS);
      }
      expect(ended.read + ended.refused).toBe(MUTANTS);
      expect(ended.read).toBeGreaterThan(0);
      expect(ended.refused).toBeGreaterThan(MUTANTS / 10);
    },
  );

  test('readBtf() of mutated types ends with types that can be followed or an EbpmError', () => {
    const btf = readElf(compileFixture('types').bytes).sections.find(({ name }) => name === '.BTF')?.bytes;
    const random = randomNumbers(0x85ebca6b);
    let refused = 0;
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      const mutated = mutate(btf ?? new Uint8Array(), random);
      if (outcome(() => followTypes(readBtf(mutated))) === 'refused') refused++;
    }
    expect(refused).toBeGreaterThan(MUTANTS / 10);
    expect(refused).toBeLessThan(MUTANTS);
  });

  test('readObject() of every shorter object ends with an EbpmError', () => {
    const { bytes } = stripFixture('types');
    for (let length = 0; length < bytes.length; length += 7) {
      if (outcome(() => readObject(bytes.subarray(0, length))) === 'read') expect.fail(`read ${length} bytes of it`);
    }
  });
});

/** Only a refusal may be thrown; everything else fails the test. */
function outcome(action: () => void): 'read' | 'refused' {
  try {
    action();
    return 'read';
  } catch (error) {
    if (error instanceof EbpmError) return 'refused';
    throw error;
  }
}

/** What was accepted must bear being looked at. */
function follow(object: BpfObject): void {
  if (object.btf !== undefined) followTypes(object.btf);
  for (const { bytes, sizeBytes, variables } of object.dataSections) {
    const outside = variables.some((variable) => variable.offsetBytes + variable.sizeBytes > sizeBytes);
    if (outside || (bytes !== undefined && bytes.length !== sizeBytes)) throw new Error('a variable lies outside');
  }
}

function followTypes(btf: ReturnType<typeof readBtf>): void {
  for (let id = 0; id < btf.count; id++) {
    btf.type(id);
    btf.resolve(id);
    btf.nameOf(id);
    if (btf.hasSize(id)) btf.sizeOf(id);
  }
}

/** One to four changes: a byte, or a 32-bit word set to something that tends to hurt. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const mutated = bytes.slice();
  const view = new DataView(mutated.buffer);
  const changes = 1 + (random() % 4);
  for (let change = 0; change < changes; change++) {
    const at = random() % (mutated.length - 4);
    if (random() % 2 === 0) mutated[at] = random();
    else view.setUint32(at - (at % 4), NASTY[random() % NASTY.length] ?? 0, true);
  }
  return mutated;
}

const NASTY = [0, 1, 2, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff];

/** Marsaglia's xorshift32: the same mutants in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
