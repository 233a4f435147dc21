import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawHistogram, type HistogramScale } from '../../src/sampled/draw-histogram.js';

const LOG2: HistogramScale = { kind: 'log2' };
const LINEAR: HistogramScale = { kind: 'linear' };

describe('drawHistogram()', () => {
  it('drawHistogram() draws what eunomia-bpf draws for its test', () => {
    expect(drawHistogram([1n, 8n, 138n, 512n, 1029n, 16n, 0n], { scale: LOG2, unit: 'qaq' })).toBe(
      [
        '     qaq                 : count    distribution',
        '         0 -> 1          : 1        |                                        |',
        '         2 -> 3          : 8        |                                        |',
        '         4 -> 7          : 138      |*****                                   |',
        '         8 -> 15         : 512      |*******************                     |',
        '        16 -> 31         : 1029     |****************************************|',
        '        32 -> 63         : 16       |                                        |',
        '',
      ].join('\n'),
    );
  });

  it('drawHistogram() widens its columns and halves its bars where a range passes 2^33', () => {
    const slots = Array.from({ length: 34 }, (_, index) => (index === 33 ? 2n : 0n));
    const lines = drawHistogram(slots, { scale: LOG2, unit: 'ns' }).split('\n');
    expect(lines[0]).toBe('               ns                            : count    distribution');
    expect(lines.at(-2)).toBe('          8589934592 -> 17179869183          : 2        |********************|');
    expect(lines.length).toBe(36);
  });

  it('drawHistogram() draws a linear histogram from the first to the last slot that is not empty', () => {
    expect(drawHistogram([0n, 0n, 4n, 0n, 8n, 0n], { scale: LINEAR, unit: 'cpus' })).toBe(
      [
        '     cpus          : count    distribution',
        '        2          : 4        |********************                    |',
        '        3          : 0        |                                        |',
        '        4          : 8        |****************************************|',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [{ kind: 'linear', base: -20, step: 5 } as const, ['-10', '-5', '0']],
    [{ kind: 'linear', base: 1_000_000_000_000 } as const, ['1000000000002', '1000000000003', '1000000000004']],
    [
      { kind: 'linear', step: Number.MAX_SAFE_INTEGER } as const,
      ['18014398509481982', '27021597764222973', '36028797018963964'],
    ],
  ])('drawHistogram() says of each slot of %j the lowest value that it counts', (scale, lowest) => {
    const rows = drawHistogram([0n, 0n, 4n, 0n, 8n, 0n], { scale, unit: 'degrees' }).split('\n').slice(1, -1);
    expect(rows.map((row) => row.split(':')[0]?.trim())).toEqual(lowest);
  });

  it('drawHistogram() draws nothing where every slot is empty', () => {
    expect(drawHistogram([0n, 0n], { scale: LOG2, unit: 'x' })).toBe('');
    expect(drawHistogram([], { scale: LINEAR, unit: 'x' })).toBe('');
  });

  it('drawHistogram() counts as a naive drawing does, for 64-bit counts too', () => {
    const slots = fc.array(fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 2n ** 64n - 1n)), { maxLength: 128 });
    fc.assert(
      fc.property(slots, fc.constantFrom(LOG2, LINEAR), (counts, scale) => {
        const rows = drawHistogram(counts, { scale, unit: 'x' }).split('\n').slice(1, -1);
        const read = rows.map((row) => {
          const [, range = '', count = '', bar = ''] = /^ *(.*?) *: (\d+) *\|([* ]+)\|$/.exec(row) ?? [];
          return { range: range.replace(/ +/g, ' '), count, bar: bar.trimEnd().length, width: bar.length };
        });
        expect(read).toEqual(naive(counts, scale.kind));
      }),
      { numRuns: 300 },
    );
  });
});

function naive(counts: readonly bigint[], scale: 'log2' | 'linear') {
  const filled = [...counts.keys()].filter((index) => counts[index] !== 0n);
  const last = filled.at(-1) ?? -1;
  const most = [...counts].sort((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
  const width = scale === 'log2' && last > 32 ? 20 : 40;
  const rows = [];
  for (let index = scale === 'log2' ? 0 : (filled[0] ?? 0); index <= last; index += 1) {
    const count = counts[index] ?? 0n;
    let bar = 0;
    while (BigInt(bar + 1) * most <= count * BigInt(width)) bar += 1;
    const range = index === 0 ? '0 -> 1' : `${2n ** BigInt(index)} -> ${2n ** BigInt(index) * 2n - 1n}`;
    rows.push({ range: scale === 'log2' ? range : String(index), count: String(count), bar, width });
  }
  return rows;
}
