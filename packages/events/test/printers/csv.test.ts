import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import type { PrinterOptions } from '../../src/printer.js';
import type { RecordType } from '../../src/record-type.js';
import { arbitraryRecord } from '../arbitrary-record.js';
import { bool, eventType, s32, text, u64, u128 } from '../event-type.js';
import { chars, frame, le, textOf } from '../frame.js';

function csv(type: RecordType, records: readonly (readonly number[])[], options: PrinterOptions = {}): string {
  const printer = createPrinter('csv', type, options);
  return printer.header() + textOf(printer.print(frame(records.map((bytes) => Uint8Array.from(bytes)))));
}

describe('csvPrinter()', () => {
  it('csvPrinter() prints a header, numbers as numbers, and what is nested as JSON', () => {
    const type = eventType({
      n: s32,
      ok: bool,
      state: (btf) => btf.enumeration('enum', 2, { IDLE: 0n }),
      big: u64,
      huge: u128,
      load: (btf) => btf.float('double', 8),
      list: (btf) => btf.array(btf.int('u8', 1), 2),
      inner: (btf) => btf.struct('', { name: text(2)(btf) }),
    });
    const bytes = new Uint8Array(type.sizeBytes);
    const put = (name: string, value: readonly number[]): void =>
      bytes.set(value, type.fields.find((field) => field.name === name)?.offsetBytes);
    put('n', le(4, -7));
    put('ok', [1]);
    put('big', le(8, -1));
    put('huge', le(16, -1));
    put('load', [...new Uint8Array(Float64Array.of(-0.5).buffer)]);
    put('list', [1, 2]);
    put('inner', chars(2, 'a"'));
    expect(csv(type, [[...bytes]])).toBe(
      [
        'n,ok,state,big,huge,load,list,inner',
        '-7,true,IDLE,18446744073709551615,340282366920938463463374607431768211455,-0.5,"[1,2]","{""name"":""a\\""""}"',
        '',
      ].join('\n'),
    );
    expect(csv(type, [[...bytes]], { numeric: true, columns: ['state'] })).toBe('state\n0\n');
  });

  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['"', '""""'],
    ['a\nb', 'a\\nb'],
    ['=1+1', '"\'=1+1"'],
    ['+1', '"\'+1"'],
    ['-1', '"\'-1"'],
    ['@x', '"\'@x"'],
    ['\t=1', '\\t=1'],
    ['\r=1', '\\r=1'],
    ['=","', `"'="","""`],
    ['a=1', 'a=1'],
    ['ö🙂', 'ö🙂'],
    ['\x1b]0;x', '\\x1b]0;x'],
    ['\u202ea', '\\u202ea'],
  ])('csvPrinter() prints the text %j as %s', (value, expected) => {
    expect(csv(eventType({ comm: text(16), n: s32 }), [[...chars(16, value), ...le(4, -1)]])).toBe(
      `comm,n\n${expected},-1\n`,
    );
  });

  it('csvPrinter() quotes names that fields have', () => {
    const field = {
      name: '=cmd|"x",y',
      offsetBytes: 0,
      typeName: 'u8',
      type: { kind: 'int', sizeBytes: 1, signed: false },
    } as const;
    expect(csv({ name: 'event', sizeBytes: 1, fields: [field] }, [[5]])).toBe('"\'=cmd|""x"",y"\n5\n');
  });

  it('csvPrinter() adds a time only when one is asked for', () => {
    const options = { now: () => 0, monotonicNs: () => 7n };
    const type = eventType({ n: s32 });
    expect(csv(type, [le(4, 1)], { ...options, timestamp: 'utc' })).toBe('time,n\n1970-01-01T00:00:00.000Z,1\n');
    expect(csv(type, [le(4, 1)], { ...options, timestamp: 'monotonic' })).toBe('time,n\n7,1\n');
    expect(csv(type, [le(4, 1)], options)).toBe('n\n1\n');
  });

  it('csvPrinter() gives any record one line with a cell per field, none of which begins a formula', () => {
    fc.assert(
      fc.property(arbitraryRecord, ({ type, bytes }) => {
        const [header = '', row = '', rest] = csv(type, [[...bytes]]).split('\n');
        expect(rest).toBe('');
        expect(header + row).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(cells(header)).toHaveLength(type.fields.length);
        expect(cells(row)).toHaveLength(type.fields.length);
        for (const cell of cells(row)) expect(cell).toMatch(/^(?![=+@])(-[\d.eI]|[^-]|$)/);
      }),
    );
  });
});

/** The cells of a line, as RFC 4180 reads them. */
function cells(line: string): string[] {
  const found: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^",]*)(,|$)/gy;
  for (let match = cell.exec(line); match !== null; match = cell.exec(line)) {
    const [, body = '', separator] = match;
    found.push(body.startsWith('"') ? body.slice(1, -1).replaceAll('""', '"') : body);
    if (separator === '') return found;
  }
  throw new Error(`no CSV: ${line}`);
}
