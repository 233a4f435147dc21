import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTrailedStream } from '../src/trailed-stream.js';

const TRAILER = Buffer.from('abab!');

function pushAll(pieces: readonly Uint8Array[]): { content: Buffer; ended: boolean } {
  const stream = createTrailedStream(TRAILER);
  const content = Buffer.concat(pieces.map((piece) => Buffer.from(stream.push(piece))));
  return { content, ended: stream.ended };
}

describe('createTrailedStream()', () => {
  it('splits content and trailer, wherever they are cut', () => {
    // Letters of the trailer only, so that its beginnings occur everywhere.
    const content = fc.array(fc.constantFrom('a', 'b'), { maxLength: 30 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(content, fc.array(fc.nat(40)), (text, places) => {
        const whole = Buffer.concat([Buffer.from(text), TRAILER]);
        const cuts = [0, ...places.sort((a, b) => a - b), whole.length];
        const pieces = cuts.slice(1).map((end, index) => whole.subarray(cuts[index], end));
        expect(pushAll(pieces)).toEqual({ content: Buffer.from(text), ended: true });
      }),
    );
  });

  it('gives at once what cannot belong to the trailer', () => {
    const stream = createTrailedStream(TRAILER);
    expect(Buffer.from(stream.push(Buffer.from('xxab'))).toString()).toBe('xx');
    expect(Buffer.from(stream.push(Buffer.from('x'))).toString()).toBe('abx');
    expect(stream.ended).toBe(false);
  });

  it('drops what follows the trailer', () => {
    expect(pushAll([Buffer.from('xabab!y'), Buffer.from('z')])).toEqual({ content: Buffer.from('x'), ended: true });
  });
});
