import { printable } from '@ebpm/events';

/**
 * Rows as text, a line each: on a terminal in aligned columns under a header; else without header, with tabs between
 * the cells, for `cut` and `awk`. Every cell passes `printable()`.
 */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[], isTTY: boolean): string {
  const cells = rows.map((row) => row.map(printable));
  if (!isTTY) return cells.map((row) => `${row.join('\t')}\n`).join('');
  if (rows.length === 0) return '';
  const lines = [header, ...cells];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column]))));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, at) => pad(cell, widths[at]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function pad(cell: string, width = 0): string {
  return cell + ' '.repeat(width - widthOf(cell));
}

function widthOf(cell = ''): number {
  return [...cell].length;
}
