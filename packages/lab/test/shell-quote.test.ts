import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellQuote } from '../src/shell-quote.js';

const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));

describe('shellQuote()', () => {
  it('writes words that a shell reads back as they are', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const output = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${shellQuote(words)}`], { encoding: 'utf8' });
        expect(output).toBe(`${words.join('\0')}\0`);
      }),
      { numRuns: 50, examples: [[["it's", '', '$HOME `id` "x"', '\n\\']]] },
    );
  });
});
