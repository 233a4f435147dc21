import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import { frameRecords } from '../../src/sampled/frame-records.js';
import { keyValueColumns, keyValueType } from '../../src/sampled/key-value-type.js';
import { BtfModel } from '../btf-model.js';
import { chars, le, textOf } from '../frame.js';

const btf = new BtfModel();
const u32 = btf.reference('typedef', btf.int('unsigned int', 4), 'u32');
const value = btf.struct('value', {
  count: btf.int('unsigned long long', 8),
  comm: btf.array(btf.int('char', 1, true), 16),
});
const MAP = { name: 'counts', keySizeBytes: 4, valueSizeBytes: 24, keyTypeId: u32, valueTypeId: value };
const ENTRY = [Uint8Array.from(le(4, 0x1234_5678)), Uint8Array.from([...le(8, 2n ** 64n - 1n), ...chars(16, 'bash')])];

describe('keyValueType()', () => {
  it('keyValueType() makes JSON lines with key and value, a scalar key under the name of its type', () => {
    const printer = createPrinter('json', keyValueType(btf, MAP));
    expect(textOf(printer.print(frameRecords([ENTRY])))).toBe(
      '{"key":{"u32":305419896},"value":{"count":18446744073709551615,"comm":"bash"}}\n',
    );
  });

  it('keyValueType() adds the number of the CPU when values are shown one by one', () => {
    const printer = createPrinter('json', keyValueType(btf, MAP, { cpu: true }));
    const text = textOf(printer.print(frameRecords([[...ENTRY, Uint8Array.from(le(4, 3))]])));
    expect(JSON.parse(text)).toMatchObject({ value: { comm: 'bash' }, cpu: 3 });
  });

  it('keyValueColumns() makes a column of each field of the key and the value', () => {
    const printer = createPrinter('table', keyValueColumns(keyValueType(btf, MAP)), { now: () => 0 });
    expect(printer.header()).toBe('TIME        KEY.U32          VALUE.COUNT VALUE.COMM\n');
    expect(textOf(printer.print(frameRecords([ENTRY]))).slice(8)).toBe('  305419896 18446744073709551615 bash\n');
  });

  it.each([
    [4, 8, '{"key":{"u32":1},"value":{"u64":2}}\n', [...le(4, 1), ...le(8, 2)]],
    [2, 3, '{"key":{"u16":1},"value":{"bytes":[7,8,9]}}\n', [...le(2, 1), 7, 8, 9]],
  ])(
    'keyValueType() shows keys of %i and values of %i bytes without types',
    (keySizeBytes, valueSizeBytes, line, bytes) => {
      const untyped = { name: 'm', keySizeBytes, valueSizeBytes, keyTypeId: undefined, valueTypeId: undefined };
      const printer = createPrinter('json', keyValueType(undefined, untyped));
      expect(textOf(printer.print(frameRecords([[Uint8Array.from(bytes)]])))).toBe(line);
    },
  );

  it('keyValueType() refuses an entry that is larger than any event may be', () => {
    const huge = { name: 'm', keySizeBytes: 4, valueSizeBytes: 2 ** 21, keyTypeId: undefined, valueTypeId: undefined };
    expect(() => keyValueType(undefined, huge)).toThrow(expect.objectContaining({ code: 'EBPM_EVENT_TYPE_TOO_LARGE' }));
  });
});
