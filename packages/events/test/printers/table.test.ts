import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import { type RecordType, recordType } from '../../src/record-type.js';
import { arbitraryRecord } from '../arbitrary-record.js';
import { BtfModel } from '../btf-model.js';
import { chars, frame, le, textOf } from '../frame.js';

/** 12:34:56 on a summer's day, wherever the test runs. */
const now = (): number => new Date(2026, 6, 1, 12, 34, 56).getTime();

function table(type: RecordType, ...records: readonly (readonly number[])[]): string {
  const printer = createPrinter('table', type, { now });
  return printer.header() + textOf(printer.print(frame(records.map((bytes) => Uint8Array.from(bytes)))));
}

function signalType(): RecordType {
  const btf = new BtfModel();
  const int = btf.int('int', 4, true);
  const uint = btf.int('unsigned int', 4);
  const id = btf.struct('event', {
    pid: uint,
    tpid: uint,
    sig: int,
    ret: int,
    comm: btf.array(btf.int('char', 1, true), 16),
  });
  return recordType(btf, id);
}

function signal(pid: number, tpid: number, sig: number, ret: number, comm: string): number[] {
  return [...le(4, pid), ...le(4, tpid), ...le(4, sig), ...le(4, ret), ...chars(16, comm)];
}

describe('tablePrinter()', () => {
  it('tablePrinter() aligns numbers right and text left, without spaces at the end', () => {
    expect(
      table(signalType(), signal(1, 4194303, 9, 0, 'bash'), signal(812, 1, 15, -2147483648, 'kworker/u8:0-ev')),
    ).toBe(
      [
        'TIME         PID    TPID SIG                RET COMM',
        '12:34:56       1 4194303 SIGKILL              0 bash',
        '12:34:56     812       1 SIGTERM    -2147483648 kworker/u8:0-ev',
        '',
      ].join('\n'),
    );
  });

  it('tablePrinter() shows a name that is a title sequence as escapes', () => {
    expect(table(signalType(), signal(1, 2, 9, 0, '\x1b]0;x\x07\n')).split('\n')[1]).toBe(
      '12:34:56       1       2 SIGKILL              0 \\x1b]0;x\\x07\\n',
    );
  });

  it('tablePrinter() prints the simple values of eunomia-bpf', () => {
    const btf = new BtfModel();
    const char = btf.int('char', 1, true);
    const id = btf.struct('event', {
      arr1: btf.array(btf.int('int', 4, true), 3),
      str: btf.array(char, 16),
      str_arr: btf.array(btf.array(char, 8), 2),
      ft: btf.float('float', 4),
      dbl: btf.float('double', 8),
      u8v: btf.int('u8', 1),
      i8v: btf.int('s8', 1, true),
      u16v: btf.int('u16', 2),
      i16v: btf.int('s16', 2, true),
      u32v: btf.int('u32', 4),
      i32v: btf.int('s32', 4, true),
      u64v: btf.int('u64', 8),
      i64v: btf.int('s64', 8, true),
      e: btf.enumeration('enum', 4, { E_A: 0n }),
    });
    const bytes = new Uint8Array(recordType(btf, id).sizeBytes);
    const view = new DataView(bytes.buffer);
    [0, 1, 2].forEach((value, index) => void view.setInt32(index * 4, value, true));
    bytes.set(chars(16, 'A-String'), 12);
    bytes.set([...chars(8, 'hello 0'), ...chars(8, 'hello 1')], 28);
    view.setFloat32(44, 1.23, true);
    view.setFloat64(48, 4.56, true);
    bytes.set([18, ...le(1, -18), ...le(2, 4660), ...le(2, -4660)], 56);
    bytes.set([...le(4, 305419896), ...le(4, -305419896)], 64);
    bytes.set([...le(8, 1311768467463790320n), ...le(8, -1311768467463790320n)], 72);
    const [header, row] = table(recordType(btf, id), [...bytes]).split('\n');
    expect(header).toBe(
      'TIME     ARR1 STR              STR_ARR          FT         DBL U8V  I8V  U16V   I16V       U32V        I32V                 U64V                 I64V E',
    );
    expect(row?.split(/ +/).slice(1)).toEqual([
      '[0,1,2]',
      'A-String',
      '["hello',
      '0","hello',
      '1"]',
      '1.2300000190734863',
      '4.56',
      '18',
      '-18',
      '4660',
      '-4660',
      '305419896',
      '-305419896',
      '1311768467463790320',
      '-1311768467463790320',
      'E_A',
    ]);
  });

  it('tablePrinter() lets a wide value push its neighbours only as far as needed', () => {
    const btf = new BtfModel();
    const text = btf.array(btf.int('char', 1, true), 40);
    const id = btf.struct('event', { path: text, n: btf.int('u16', 2), name: text });
    const record = (path: string, n: number): number[] => [...chars(40, path), ...le(2, n), ...chars(40, 'x')];
    expect(
      table(
        recordType(btf, id),
        record('/etc', 1),
        record('p'.repeat(34), 12345),
        record('p'.repeat(34), 1),
        record('p'.repeat(32), 12345),
      ),
    ).toBe(
      [
        'TIME     PATH                                 N NAME',
        `12:34:56 /etc                                 1 x`,
        `12:34:56 ${'p'.repeat(34)} 12345 x`,
        `12:34:56 ${'p'.repeat(34)}   1 x`,
        `12:34:56 ${'p'.repeat(32)} 12345 x`,
        '',
      ].join('\n'),
    );
  });

  it('tablePrinter() counts columns, not bytes, of other scripts', () => {
    const btf = new BtfModel();
    const text = btf.array(btf.int('char', 1, true), 16);
    const id = btf.struct('event', { a: text, n: btf.int('u8', 1), b: text });
    const record = (a: string): number[] => [...chars(16, a), 7, ...chars(16, 'b')];
    expect(table(recordType(btf, id), record('größe'), record('名前'), record('e\u0301'), record('🙂'))).toBe(
      [
        'TIME     A                  N B',
        '12:34:56 größe              7 b',
        '12:34:56 名前               7 b',
        '12:34:56 e\u0301                  7 b',
        '12:34:56 🙂                 7 b',
        '',
      ].join('\n'),
    );
  });

  it('tablePrinter() keeps the place of an empty string and ends the line before spaces', () => {
    const btf = new BtfModel();
    const text = btf.array(btf.int('char', 1, true), 4);
    const id = btf.struct('event', { a: text, b: text });
    expect(
      table(
        recordType(btf, id),
        [...chars(4, ''), ...chars(4, 'x')],
        [...chars(4, 'a'), ...chars(4, '')],
        [...chars(4, ''), ...chars(4, ' ')],
      ),
    ).toBe(['TIME     A    B', '12:34:56      x', '12:34:56 a', '12:34:56', ''].join('\n'));
  });

  it('tablePrinter() shows floats that JSON cannot, 128 bits and nested values', () => {
    const btf = new BtfModel();
    const id = btf.struct('event', {
      big: btf.int('u128', 16),
      inner: btf.struct('', { f: btf.float('double', 8), s: btf.array(btf.int('char', 1, true), 8) }),
      nan: btf.float('double', 8),
    });
    const nan = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
    const row = table(recordType(btf, id), [
      ...le(16, 2n ** 128n - 1n),
      ...nan,
      ...chars(8, 'a b'),
      ...nan,
      ...nan,
    ]).split('\n')[1];
    expect(row).toBe('12:34:56 340282366920938463463374607431768211455 {"f":null,"s":"a b"} NaN');
  });

  it('tablePrinter() reads the clock for each batch', () => {
    let time = now();
    const printer = createPrinter('table', signalType(), { now: () => time });
    const batch = frame([Uint8Array.from(signal(1, 2, 3, 4, ''))]);
    expect(textOf(printer.print(batch))).toMatch(/^12:34:56 /);
    time += 8_000;
    expect(textOf(printer.print(batch))).toMatch(/^12:35:04 /);
  });

  it('tablePrinter() gives any record one line without anything that a terminal obeys', () => {
    fc.assert(
      fc.property(arbitraryRecord, ({ type, bytes }) => {
        const printer = createPrinter('table', type, { now });
        const lines = `${printer.header()}${textOf(printer.print(frame([bytes, bytes])))}`.split('\n');
        expect(lines).toHaveLength(4);
        expect(lines[3]).toBe('');
        for (const line of lines) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(line).not.toMatch(/ $/);
        }
        expect(lines[1]).toBe(lines[2]);
      }),
    );
  });
});
