import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputTail } from '../src/output-tail.js';

describe('createOutputTail()', () => {
  it('gives the last bytes of what was pushed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii' })),
        fc.integer({ min: 1, max: 20 }),
        (pieces, maxBytes) => {
          const tail = createOutputTail(maxBytes);
          for (const piece of pieces) tail.push(Buffer.from(piece));
          expect(tail.text()).toBe(pieces.join('').slice(-maxBytes));
        },
      ),
    );
  });

  it('gives malformed UTF-8 as U+FFFD', () => {
    const tail = createOutputTail(10);
    tail.push(new Uint8Array([0x61, 0xff]));
    expect(tail.text()).toBe('a\ufffd');
  });
});
