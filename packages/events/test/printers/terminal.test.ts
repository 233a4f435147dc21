import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import { columnCount } from '../../src/layout/column-count.js';
import type { PrinterOptions, Terminal } from '../../src/printer.js';
import { arbitraryRecord } from '../arbitrary-record.js';
import { eventType, s32, text, u32, u64 } from '../event-type.js';
import { chars, frame, le, textOf } from '../frame.js';

const now = (): number => new Date(2026, 6, 1, 12, 34, 56).getTime();

function terminal(columns: number, rows = 24, colour = false): Terminal {
  return { size: () => ({ columns, rows }), colour };
}

const TYPE = eventType({ pid: s32, when: u64, comm: text(16), path: text(64) });

function event(pid: number, path: string): Uint8Array {
  const bytes = new Uint8Array(TYPE.sizeBytes);
  bytes.set([...le(4, pid), 0, 0, 0, 0, ...le(8, 123), ...chars(16, 'a-long-command'), ...chars(64, path)]);
  return bytes;
}

function table(events: readonly Uint8Array[], options: PrinterOptions): string[] {
  const printer = createPrinter('table', TYPE, { now, ...options });
  return `${printer.header()}${textOf(printer.print(frame(events)))}`.split('\n');
}

describe('tablePrinter() on a terminal', () => {
  it('tablePrinter() gives text the room that is there', () => {
    expect(
      table([event(1, '/a/path/of/some/length/that/would/be/wider/than/usual')], { terminal: terminal(120) }),
    ).toEqual([
      'TIME         PID                 WHEN COMM             PATH',
      '12:34:56       1                  123 a-long-command   /a/path/of/some/length/that/would/be/wider/than/usual',
      '',
    ]);
  });

  it('tablePrinter() takes slack from numbers before it cuts text', () => {
    expect(table([event(1, '/a/path/of/some/length')], { terminal: terminal(66) })).toEqual([
      'TIME         PID    WHEN COMM             PATH',
      '12:34:56       1     123 a-long-command   /a/path/of/some/length',
      '',
    ]);
    expect(table([event(1, '/a/path/of/some/length')], { terminal: terminal(44) })).toEqual([
      'TIME         PID    WHEN COMM      PATH',
      '12:34:56       1     123 a-long-c… /a/path/…',
      '',
    ]);
  });

  it('tablePrinter() cuts what does not fit, never wraps, and leaves pipes alone', () => {
    const lines = table([event(1, '/a/path')], { terminal: terminal(20) });
    expect(lines).toEqual(['TIME         PID   …', '12:34:56       1   …', '']);
    expect(table([event(1, '/a/path')], {})[1]).toBe('12:34:56       1                  123 a-long-command   /a/path');
  });

  it('tablePrinter() repeats the header on each screen', () => {
    const events = Array.from({ length: 21 }, (_, index) => event(index, ''));
    const printer = createPrinter('table', TYPE, { now, terminal: terminal(80, 12) });
    const header = printer.header();
    const first = textOf(printer.print(frame(events.slice(0, 5))));
    const lines = `${header}${first}${textOf(printer.print(frame(events.slice(5))))}`.trimEnd().split('\n');
    const headers = lines.flatMap((line, index) => (line.startsWith('TIME') ? [index] : []));
    expect(headers).toEqual([0, 11, 22]);
    expect(lines).toHaveLength(24);
    const piped = table(events, {});
    expect(piped.filter((line) => line.startsWith('TIME'))).toHaveLength(1);
  });

  it('tablePrinter() follows a window that changes', () => {
    let columns = 80;
    const printer = createPrinter('table', TYPE, {
      now,
      terminal: { size: () => ({ columns, rows: 24 }), colour: false },
    });
    const widest = (): number =>
      Math.max(
        ...textOf(printer.print(frame([event(1, 'x'.repeat(64))])))
          .split('\n')
          .map(columnCount),
      );
    expect(widest()).toBe(80);
    columns = 50;
    expect(widest()).toBe(50);
    columns = 100;
    expect(widest()).toBeGreaterThan(80);
  });

  it('tablePrinter() has colours only where the terminal takes them', () => {
    const [header = '', row = ''] = table([event(1, '/a')], { terminal: terminal(80, 24, true) });
    const [plainHeader = '', plainRow = ''] = table([event(1, '/a')], { terminal: terminal(80) });
    expect(header).toBe(`\x1b[1m${plainHeader}\x1b[0m`);
    expect(row).toBe(plainRow.replace('12:34:56', '\x1b[2m12:34:56\x1b[0m'));
  });

  it('tablePrinter() never writes beyond the terminal, whatever comes, and nothing that it obeys', () => {
    fc.assert(
      fc.property(arbitraryRecord, fc.integer({ min: 1, max: 120 }), ({ type, bytes }, columns) => {
        const printer = createPrinter('table', type, { now, terminal: terminal(columns) });
        const lines = `${printer.header()}${textOf(printer.print(frame([bytes, bytes])))}`.split('\n');
        expect(lines).toHaveLength(4);
        for (const line of lines.slice(0, columns < 'HH:MM:SS'.length ? 1 : 4)) {
          expect(columnCount(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });

  it('tablePrinter() leaves the time out when it is not wanted, and shows other clocks', () => {
    const type = eventType({ pid: u32, comm: text(4) });
    const bytes = Uint8Array.from([...le(4, 5), ...chars(4, 'sh')]);
    const lines = (options: PrinterOptions): string => {
      const printer = createPrinter('table', type, { now: () => 0, monotonicNs: () => 5_000_000_001n, ...options });
      return `${printer.header()}${textOf(printer.print(frame([bytes])))}`;
    };
    expect(lines({ timestamp: 'none' })).toBe('    PID COMM\n      5 sh\n');
    expect(lines({ timestamp: 'none', columns: ['comm', 'pid'] })).toBe('COMM     PID\nsh         5\n');
    expect(lines({ timestamp: 'utc' })).toBe('TIME          PID COMM\n00:00:00Z       5 sh\n');
    expect(lines({ timestamp: 'monotonic' })).toBe('TIME(s)              PID COMM\n     5.000000001       5 sh\n');
  });
});
