import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitRecords } from '../../src/record/split-records.js';
import { batch } from './recordings.js';

it('splitRecords() gives all records in their order, in pieces that are as long as they may be', () => {
  const sizes = fc.array(fc.nat(50), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 8, max: 200 }), (lengths, maxBytes) => {
      const records = lengths.map((length, index) => new Uint8Array(length).fill(index));
      const pieces = [...splitRecords(batch(records), maxBytes)];
      expect(Buffer.concat(pieces).equals(batch(records))).toBe(true);
      // What is too long is one record, and what follows would not have fitted.
      const framed = records.map((record) => batch([record]).length);
      let at = 0;
      for (const piece of pieces) {
        let sum = framed[at++] ?? 0;
        while (sum < piece.length) sum += framed[at++] ?? Number.NaN;
        expect(sum).toBe(piece.length);
        expect(piece.length <= maxBytes || framed[at - 1] === piece.length).toBe(true);
        if (at < framed.length) expect(piece.length + (framed[at] ?? 0)).toBeGreaterThan(maxBytes);
      }
    }),
    { numRuns: 100 },
  );
});
