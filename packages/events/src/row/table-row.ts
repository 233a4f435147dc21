import type { TableColumn } from '../layout/table-columns.js';
import type { Timestamp } from '../timestamp.js';
import { addCellText } from './cell-code.js';
import { RowBuilder, type RowWriter } from './row-builder.js';
import type { ScalarStyle } from './scalar-code.js';

/** What a line of a table is made of. */
export interface TableRow {
  readonly time: Timestamp | undefined;
  readonly columns: readonly TableColumn[];
  readonly style: ScalarStyle;
  /** The terminal's columns, where nothing may go beyond them; undefined elsewhere. */
  readonly room: number | undefined;
  /** Text around the time that takes no column: colours. */
  readonly timeColour: readonly [before: string, after: string];
}

/** Code that writes lines of a table. Text that is too wide is cut on terminals; elsewhere it pushes the rest of its line. */
export function tableRow({ time, columns, style, room, timeColour: [before, after] }: TableRow): RowWriter {
  const row = new RowBuilder();
  // `r` is where column 0 would be if every character so far had taken one byte; `l` where what can be cut begins.
  if (time !== undefined) {
    row.text(before);
    row.code('let r=p,s=0;');
    row.write(`writeBytes(t,p,${row.constant(time)}.bytes)`);
    row.text(after);
    row.code(`const l=p;r+=${after.length};`);
  } else {
    row.code('const l=p;let r=p,s=0;');
  }
  columns.forEach((column, index) => {
    addCell(row, column, style, {
      isFirst: index === 0 && time === undefined,
      clips: room !== undefined && index < columns.length - 1,
    });
  });
  if (room !== undefined) row.write(`clipLine(t,l,p,${Math.max(0, room - (time?.width ?? 0))})`);
  row.write('endLine(t,l,p)');
  return row.build();
}

function addCell(
  row: RowBuilder,
  column: TableColumn,
  style: ScalarStyle,
  { isFirst, clips }: { isFirst: boolean; clips: boolean },
): void {
  const { field, format, start, width, right } = column;
  if (isFirst) row.code('s=p;');
  else if (right) row.code('t[p++]=32;s=p;');
  else row.code(`p=padTo(t,p,r+${start});s=p;`);
  addCellText(row, column, style);
  if (right) {
    row.write(`alignRight(t,s,p,r+${start + width})`);
    return;
  }
  if (clips) row.write(`clipCell(t,s,p,${width})`);
  if (format !== undefined || field.type.kind === 'string' || field.type.kind === 'array' || 'fields' in field.type)
    row.code('r+=excessBytes(t,s,p);');
}
