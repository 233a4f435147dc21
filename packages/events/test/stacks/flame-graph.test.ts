import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flameGraph } from '../../src/stacks/flame-graph.js';
import { FoldedStacks } from '../../src/stacks/folded-stacks.js';

const STACKS = [
  { frames: ['busy', 'main', 'spin'], count: 3n },
  { frames: ['busy', 'main', 'do_idle_[k]'], count: 1n },
];

describe('flameGraph()', () => {
  it('flameGraph() draws a box for each function, as wide as its share', () => {
    const svg = flameGraph(STACKS, { title: 'busy', width: 400 });
    expect(boxes(svg)).toEqual([
      { title: 'all (4, 100.00 %)', x: 0, width: 400 },
      { title: 'busy (4, 100.00 %)', x: 0, width: 400 },
      { title: 'main (4, 100.00 %)', x: 0, width: 400 },
      { title: 'do_idle_[k] (1, 25.00 %)', x: 0, width: 100 },
      { title: 'spin (3, 75.00 %)', x: 100, width: 300 },
    ]);
    expect(svg).toBe(flameGraph([...STACKS].reverse(), { title: 'busy', width: 400 }));
  });

  it('flameGraph() stays well-formed, and every box lies on one that is at least as wide, whatever the names', () => {
    const name = fc.oneof(fc.constantFrom('a', 'b', '<script>', '&amp;', '"\'', ']]>'), fc.string({ unit: 'binary' }));
    const stacks = fc.array(
      fc.record({ frames: fc.array(name, { minLength: 1, maxLength: 4 }), count: fc.bigInt(1n, 2n ** 64n - 1n) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(stacks, name, (list, title) => {
        const svg = flameGraph(list, { title });
        expect(unclosed(svg)).toEqual([]);
        expect(Math.max(0, ...boxes(svg).map(({ x, width }) => x + width))).toBeLessThanOrEqual(1200.1);
      }),
      { numRuns: 50 },
    );
  });

  it('flameGraph() of no stacks is an empty drawing', () => {
    const svg = flameGraph([], { title: 'nothing' });
    expect(unclosed(svg)).toEqual([]);
    expect(boxes(svg)).toEqual([]);
  });
});

describe('FoldedStacks', () => {
  it('FoldedStacks counts what comes after the limit as one', () => {
    const folded = new FoldedStacks();
    const sample = { comm: '', pid: 1, cpu: undefined, count: 2n, kernel: [], user: [] };
    for (let index = 0; index < 100_002; index += 1) {
      folded.add({ sample: { ...sample, comm: `c${index}` }, kernel: [], user: [] });
    }
    expect(folded.list().length).toBe(100_001);
    expect(folded.list().at(0)).toEqual({ frames: ['[too many stacks]'], count: 4n });
  });
});

function boxes(svg: string) {
  const box = /<g><title>(.*?)<\/title><rect x="([\d.]+)" y="\d+" width="([\d.]+)"/gs;
  return [...svg.matchAll(box)].map(([, title, x, width]) => ({ title, x: Number(x), width: Number(width) }));
}

/** A small reader of XML: what is left of the text when all tags and entities are taken out must be plain, and the tags in pairs. */
function unclosed(svg: string): readonly string[] {
  const open: string[] = [];
  const body = svg.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
  const rest = body.replace(
    /<(\/?)([a-z]+)((?: [A-Za-z-]+="[^"<&]*")*)(\/?)>/g,
    (_, closing, name, _attributes, empty) => {
      if (closing === '/') expect(open.pop()).toBe(name);
      else if (empty === '') open.push(name);
      return '';
    },
  );
  const text = rest.replace(/&(?:amp|lt|gt|quot|#39);/g, '');
  expect(text).not.toMatch(/[<&]/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  return open;
}
