import { describe, expect, test } from 'vitest';
import { formatTable } from '../src/format-table.js';

const HEADER = ['NAME', 'V', 'TEXT'];
const ROWS = [
  ['sigsnoop', '1.0.0', ''],
  ['x', '1.10.0', 'evil \u001b[2J\ttext\n'],
];

describe('formatTable()', () => {
  test('formatTable() aligns columns under a header on a terminal, with nothing at the end of a line', () => {
    expect(formatTable(HEADER, ROWS, true)).toBe(
      'NAME      V       TEXT\nsigsnoop  1.0.0\nx         1.10.0  evil \\x1b[2J\\ttext\\n\n',
    );
  });

  test('formatTable() puts tabs between the cells of a pipe, and no header', () => {
    expect(formatTable(HEADER, ROWS, false)).toBe('sigsnoop\t1.0.0\t\nx\t1.10.0\tevil \\x1b[2J\\ttext\\n\n');
  });

  test('formatTable() writes nothing without rows', () => {
    expect([formatTable(HEADER, [], true), formatTable(HEADER, [], false)]).toEqual(['', '']);
  });
});
