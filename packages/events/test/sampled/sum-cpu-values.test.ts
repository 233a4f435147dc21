import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumCpuValues } from '../../src/sampled/sum-cpu-values.js';
import type { ValueType } from '../../src/value-type.js';
import { chars, le } from '../frame.js';

const SIZES = [1, 2, 4, 8, 16] as const;

describe('sumCpuValues()', () => {
  it('sumCpuValues() adds integers of every width as BigInts do', () => {
    const arbitrary = fc.record({
      sizeBytes: fc.constantFrom(...SIZES),
      signed: fc.boolean(),
      numbers: fc.array(fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n), { minLength: 1, maxLength: 9 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ sizeBytes, signed, numbers }) => {
        const type: ValueType = { kind: 'int', sizeBytes, signed };
        const sum = sumCpuValues(
          type,
          numbers.map((number) => Uint8Array.from(le(sizeBytes, number))),
        );
        expect([...sum]).toEqual(
          le(
            sizeBytes,
            numbers.reduce((total, number) => total + number, 0n),
          ),
        );
      }),
    );
  });

  it('sumCpuValues() adds fields and elements, and takes all else from the first CPU that has a value', () => {
    const int = { kind: 'int', sizeBytes: 2, signed: false } as const;
    const type: ValueType = {
      kind: 'struct',
      sizeBytes: 26,
      fields: [
        { name: 'slots', offsetBytes: 0, typeName: '', type: { kind: 'array', sizeBytes: 4, length: 2, element: int } },
        { name: 'comm', offsetBytes: 4, typeName: '', type: { kind: 'string', sizeBytes: 8 } },
        { name: 'ok', offsetBytes: 12, typeName: '', type: { kind: 'bool', sizeBytes: 1 } },
        { name: 'ratio', offsetBytes: 18, typeName: '', type: { kind: 'float', sizeBytes: 8 } },
      ],
    };
    const of = (a: number, b: number, comm: string, ok: number, ratio: number) =>
      Uint8Array.from([
        ...le(2, a),
        ...le(2, b),
        ...chars(8, comm),
        ok,
        ...chars(5, ''),
        ...new Uint8Array(Float64Array.of(ratio).buffer),
      ]);
    const values = [of(0, 0, '', 0, 0), of(1, 0xffff, 'first', 1, 0.5), of(2, 2, 'second', 0, 0.25)];
    expect(sumCpuValues(type, values)).toEqual(of(3, 1, 'first', 1, 0.75));
    expect(sumCpuValues(type, values.slice(0, 1))).toEqual(values[0]);
  });
});
