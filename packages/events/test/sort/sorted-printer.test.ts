import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import { SORTED_RECORD_LIMIT } from '../../src/limits.js';
import type { Printer, PrinterOptions } from '../../src/printer.js';
import type { PrinterKind } from '../../src/printers/all.js';
import { eventType, s32, text, u64 } from '../event-type.js';
import { chars, concat, frame, le, textOf } from '../frame.js';

const TYPE = eventType({ n: s32, comm: text(4), big: u64, f: (btf) => btf.float('double', 8) });

function event(n: number, comm = '', big = 0n, f = 0): Uint8Array {
  return Uint8Array.from([...le(4, n), ...chars(4, comm), ...le(8, big), ...new Uint8Array(Float64Array.of(f).buffer)]);
}

function sorted(field: string, options: PrinterOptions = {}, kind: PrinterKind = 'json', descending = false): Printer {
  return createPrinter(kind, TYPE, { columns: ['n'], sort: { field, descending }, ...options });
}

function numbers(bytes: Uint8Array | undefined): number[] {
  return [...textOf(bytes ?? new Uint8Array(0)).matchAll(/"n":(-?\d+)/g)].map(([, n]) => Number(n));
}

describe('sortedPrinter()', () => {
  it('sortedPrinter() prints what came in an interval in order, once', () => {
    const printer = sorted('n');
    expect(printer.intervalMs).toBe(1_000);
    expect(printer.print(frame([event(3), event(-1)])).length).toBe(0);
    expect(printer.print(frame([event(2)])).length).toBe(0);
    expect(numbers(printer.flush?.())).toEqual([-1, 2, 3]);
    expect(numbers(printer.flush?.())).toEqual([]);
    printer.print(frame([event(9)]));
    expect(numbers(printer.flush?.())).toEqual([9]);
    expect(printer.counts).toEqual({ printed: 4, filtered: 0, malformed: 0, broken: 0 });
  });

  it.each([
    ['comm', false, [event(1, 'b'), event(2, 'a'), event(3, 'ab'), event(4, '')], [4, 2, 3, 1]],
    ['big', true, [event(1, '', 2n ** 53n), event(2, '', 2n ** 53n + 1n), event(3, '', 2n ** 64n - 1n)], [3, 2, 1]],
    ['f', false, [event(1, '', 0n, 1), event(2, '', 0n, Number.NaN), event(3, '', 0n, -1)], [2, 3, 1]],
    ['f', true, [event(1, '', 0n, 1), event(2, '', 0n, Number.NaN), event(3, '', 0n, -1)], [1, 3, 2]],
    ['comm', true, [event(1, 'a'), event(2, 'a'), event(3, 'b')], [3, 1, 2]],
  ])('sortedPrinter() sorts by %s (descending: %s), equal ones as they came', (field, descending, events, expected) => {
    const printer = sorted(field, {}, 'json', descending);
    printer.print(frame(events));
    expect(numbers(printer.flush?.())).toEqual(expected);
  });

  it('sortedPrinter() keeps the first of a top, and counts the others as left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 50 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (list, top) => {
          const printer = sorted('n', { top, filter: 'n >= 0' }, 'json', true);
          for (const n of list) printer.print(frame([event(n)]));
          const wanted = list
            .filter((n) => n >= 0)
            .sort((one, other) => other - one)
            .slice(0, top);
          expect(numbers(printer.flush?.())).toEqual(wanted);
          expect(printer.counts).toEqual({
            printed: wanted.length,
            filtered: list.length - wanted.length,
            malformed: 0,
            broken: 0,
          });
        },
      ),
    );
  });

  it('sortedPrinter() stops at the limit, and counts what makes no sense', () => {
    const printer = sorted('n');
    printer.print(concat(frame([event(2), Uint8Array.of(1), event(1)]), { bytes: Uint8Array.of(255, 255, 255, 63) }));
    expect(numbers(printer.flush?.(1))).toEqual([1]);
    expect(printer.counts).toMatchObject({ printed: 1, malformed: 1, broken: 1 });
  });

  it('sortedPrinter() prints a full block before its time, and leaves nothing out', () => {
    const printer = sorted('n');
    const half = frame(Array.from({ length: SORTED_RECORD_LIMIT / 2 }, (_, index) => event(-index)));
    expect(printer.print(half).length).toBe(0);
    expect(numbers(printer.print(half))).toHaveLength(SORTED_RECORD_LIMIT);
    expect(numbers(printer.flush?.())).toEqual([]);
  });

  it('sortedPrinter() puts the blocks of a table below headers, with a line between them', () => {
    const printer = sorted('n', { top: 2, timestamp: 'none' }, 'table', true);
    expect(printer.header()).toBeUndefined();
    expect(textOf(printer.flush?.() ?? new Uint8Array(1))).toBe('');
    printer.print(frame([event(1), event(2), event(3)]));
    expect(textOf(printer.flush?.() ?? new Uint8Array(0))).toBe('          N\n          3\n          2\n');
    printer.print(frame([event(4)]));
    expect(textOf(printer.flush?.() ?? new Uint8Array(0))).toBe('\n          N\n          4\n');
  });

  it('sortedPrinter() draws a top on a terminal again, no higher than it, and leaves the last one there', () => {
    const terminal = { size: () => ({ columns: 40, rows: 4 }), colour: false };
    const printer = sorted('n', { top: 10, timestamp: 'none', terminal }, 'table', true);
    printer.print(frame([event(1), event(2), event(3)]));
    expect(textOf(printer.flush?.() ?? new Uint8Array(0))).toBe('\x1b[H\x1b[J          N\n          3\n          2\n');
    expect(textOf(printer.flush?.() ?? new Uint8Array(0))).toBe('\x1b[H\x1b[J          N\n');
    expect(textOf(printer.flush?.(undefined, true) ?? new Uint8Array(1))).toBe('');
  });

  it('sortedPrinter() refuses to sort by what has no order', () => {
    const type = eventType({ list: (btf) => btf.array(btf.int('u16', 2), 2) });
    expect(() => createPrinter('json', type, { sort: { field: 'list', descending: false } })).toThrow(
      expect.objectContaining({
        code: 'EBPM_SORT_INVALID',
        message: 'Cannot sort by "list": it is u16[2], which has no order',
      }),
    );
    expect(() => sorted('nope')).toThrow(expect.objectContaining({ code: 'EBPM_FIELD_UNKNOWN' }));
  });
});
