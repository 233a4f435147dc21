import { describe, expect, it } from 'vitest';
import { frameRecords } from '../../src/sampled/frame-records.js';
import { histogramPrinter } from '../../src/sampled/histogram-printer.js';
import { keyValueType } from '../../src/sampled/key-value-type.js';
import { BtfModel } from '../btf-model.js';
import { chars, le, textOf } from '../frame.js';

/** A map of u32 to a struct with `comm` and so many slots of that many bytes. */
function histogramMap(slotBytes: 4 | 8, length: number, slots = 'slots') {
  const btf = new BtfModel();
  const u32 = btf.reference('typedef', btf.int('unsigned int', 4), 'u32');
  const value = btf.struct('hist', {
    [slots]: btf.array(btf.int('counter', slotBytes), length),
    comm: btf.array(btf.int('char', 1, true), 16),
  });
  const valueSizeBytes = btf.sizeOf(value);
  return keyValueType(btf, { name: 'hists', keySizeBytes: 4, valueSizeBytes, keyTypeId: u32, valueTypeId: value });
}

function entry(key: number, slots: readonly bigint[], slotBytes: number, comm: string): Uint8Array[] {
  const value = [...slots.flatMap((slot) => le(slotBytes, slot)), ...chars(16, comm)];
  return [Uint8Array.from(le(4, key)), Uint8Array.from(value)];
}

describe('histogramPrinter()', () => {
  it('histogramPrinter() prints the key, the other members, a blank line, the histogram, a blank line', () => {
    const printer = histogramPrinter(histogramMap(4, 6), { scale: { kind: 'log2' }, unit: 'qaq' });
    const records = [
      entry(7, [1n, 8n, 138n, 512n, 1029n, 16n], 4, 'ba\x1bsh'),
      entry(8, [0n, 0n, 0n, 0n, 0n, 0n], 4, ''),
    ];
    expect(printer.header()).toBeUndefined();
    expect(textOf(printer.print(frameRecords(records)))).toBe(
      [
        'key =  7',
        'comm = ba\\x1bsh',
        '',
        '     qaq                 : count    distribution',
        '         0 -> 1          : 1        |                                        |',
        '         2 -> 3          : 8        |                                        |',
        '         4 -> 7          : 138      |*****                                   |',
        '         8 -> 15         : 512      |*******************                     |',
        '        16 -> 31         : 1029     |****************************************|',
        '        32 -> 63         : 16       |                                        |',
        '',
        'key =  8',
        'comm = ',
        '',
        '',
        '',
      ].join('\n'),
    );
    expect(printer.counts.printed).toBe(2);
  });

  it('histogramPrinter() counts in slots of 64 bits, and escapes the unit', () => {
    const printer = histogramPrinter(histogramMap(8, 64), { scale: { kind: 'log2' }, unit: 'n\x1bs' });
    const slots = Array.from({ length: 64 }, (_, index) => (index === 63 ? 2n ** 64n - 1n : 2n ** 63n));
    const text = textOf(printer.print(frameRecords([entry(1, slots, 8, 'x')])));
    expect(text).toContain(
      ' 9223372036854775808 -> 18446744073709551615 : 18446744073709551615 |********************|\n',
    );
    expect(text).toContain('0 -> 1                    : 9223372036854775808 |**********          |\n');
    expect(text).toContain('n\\x1bs');
  });

  it.each([
    ['no slots', histogramMap(4, 6, 'slot'), 'log2', 'no array of integers named "slots"'],
    ['more slots than an integer has bits', histogramMap(4, 129), 'log2', 'the limit is 128'],
    ['more slots than anybody reads', histogramMap(4, 16_385), 'linear', 'the limit is 16384'],
  ] as const)('histogramPrinter() refuses %s', (_, type, kind, reason) => {
    expect(() => histogramPrinter(type, { scale: { kind }, unit: '' })).toThrow(
      expect.objectContaining({ code: 'EBPM_EVENT_TYPE_INVALID', message: expect.stringContaining(reason) }),
    );
  });
});
