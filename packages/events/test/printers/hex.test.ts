import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import { arbitraryRecord } from '../arbitrary-record.js';
import { eventType, text, u32 } from '../event-type.js';
import { frame, textOf } from '../frame.js';

const TYPE = eventType({ pid: u32, comm: text(16) });

describe('hexPrinter()', () => {
  it('hexPrinter() prints time, type and size of each event, then its bytes as xxd does', () => {
    const bytes = Uint8Array.from([
      0x2c,
      3,
      0,
      0,
      ...new TextEncoder().encode('bash\x1b~\x7f'),
      0,
      0xff,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
    const printer = createPrinter('hex', TYPE, { now: () => new Date(2026, 0, 2, 3, 4, 5).getTime() });
    expect(printer.header()).toBeUndefined();
    expect(textOf(printer.print(frame([bytes, bytes.subarray(0, 3)])))).toBe(
      [
        '03:04:05 event, 20 bytes',
        '00000000: 2c03 0000 6261 7368 1b7e 7f00 ff00 0000  ,...bash.~......',
        '00000010: 0000 0000                                ....',
        '03:04:05 event, 3 bytes',
        '00000000: 2c03 00                                  ,..',
        '',
      ].join('\n'),
    );
    expect(printer.counts).toEqual({ printed: 2, filtered: 0, malformed: 0, broken: 0 });
  });

  it('hexPrinter() filters whole events, and shows none of those that are too short for it', () => {
    const printer = createPrinter('hex', TYPE, { timestamp: 'none', filter: 'pid == 7' });
    const batch = frame([
      Uint8Array.of(7, 0, 0),
      Uint8Array.from([7, ...new Array<number>(19).fill(0)]),
      new Uint8Array(20),
    ]);
    expect(textOf(printer.print(batch))).toMatch(/^event, 20 bytes\n00000000: 0700 /);
    expect(printer.counts).toEqual({ printed: 1, filtered: 1, malformed: 1, broken: 0 });
  });

  it('hexPrinter() gives back the bytes of any event', () => {
    fc.assert(
      fc.property(arbitraryRecord, fc.uint8Array({ maxLength: 40 }), ({ type, bytes }, more) => {
        const record = Uint8Array.from([...bytes, ...more]);
        const lines = textOf(createPrinter('hex', type, { timestamp: 'none' }).print(frame([record, record]))).split(
          '\n',
        );
        const dump = lines
          .filter((line) => /^[0-9a-f]{8}: /.test(line))
          .map((line) => line.slice(10, 50).replaceAll(' ', ''));
        expect(dump.join('')).toBe(Buffer.from([...record, ...record]).toString('hex'));
      }),
    );
  });
});
