import { describe, expect, it } from 'vitest';
import { outputRequest } from '../src/output-request.js';
import { printerOptions } from '../src/printer-options.js';

const REQUEST = outputRequest({ json: false, numeric: false });
const write = (): boolean => true;

describe('printerOptions()', () => {
  it('printerOptions() knows no terminal in a pipe, and none that is dumb', () => {
    expect(printerOptions({ env: {}, stdout: { write } }, REQUEST).terminal).toBeUndefined();
    expect(printerOptions({ env: { TERM: 'dumb' }, stdout: { write, isTTY: true } }, REQUEST).terminal).toBeUndefined();
  });

  it('printerOptions() gives the size that the terminal has now, or the usual one', () => {
    const stdout = { write, isTTY: true, columns: 100, rows: 30 };
    const { terminal } = printerOptions({ env: {}, stdout }, REQUEST);
    expect(terminal?.size()).toEqual({ columns: 100, rows: 30 });
    stdout.columns = 0;
    expect(terminal?.size()).toEqual({ columns: 80, rows: 30 });
  });

  it.each([
    [undefined, true],
    ['', true],
    ['0', false],
    ['1', false],
  ])('printerOptions() with NO_COLOR %s has colours: %s', (value, expected) => {
    const { terminal } = printerOptions({ env: { NO_COLOR: value }, stdout: { write, isTTY: true } }, REQUEST);
    expect(terminal?.colour).toBe(expected);
  });
});
