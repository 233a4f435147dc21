import type { ColumnWidth } from './table-columns.js';

/**
 * Widths of columns, one space apart, that take exactly `room` if they can. Where there is too little, numbers lose their slack first and
 * then text; what is left over goes to text that can be longer. What still does not fit is for the line to cut off.
 */
export function fitWidths(columns: readonly ColumnWidth[], room: number): readonly number[] {
  const widths = columns.map(({ usual }) => usual);
  let spare = room - widths.reduce((sum, width) => sum + width + 1, -1);
  const numbers = columns.map(({ right }) => right);
  for (const wanted of [true, false]) {
    while (spare < 0) {
      const at = widest(widths, (index, width) => numbers[index] === wanted && width > (columns[index]?.least ?? 0));
      if (at === undefined) break;
      widths[at] = (widths[at] ?? 0) - 1;
      spare += 1;
    }
  }
  while (spare > 0) {
    const at = widest(
      widths.map((width) => -width),
      (index, width) => -width < (columns[index]?.most ?? 0),
    );
    if (at === undefined) break;
    widths[at] = (widths[at] ?? 0) + 1;
    spare -= 1;
  }
  return widths;
}

/** The index of the largest number for which `suits` holds; the last of several. */
function widest(widths: readonly number[], suits: (index: number, width: number) => boolean): number | undefined {
  let best: number | undefined;
  widths.forEach((width, index) => {
    if (suits(index, width) && width >= (widths[best ?? index] ?? 0)) best = index;
  });
  return best;
}
