import { BatchWriter } from '../batch-writer.js';
import { printable } from '../printable.js';
import type { Printer, PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { addJsonValue } from '../row/json-code.js';
import { RowBuilder } from '../row/row-builder.js';
import { type ScalarStyle, scalarCode } from '../row/scalar-code.js';
import { type TableColumn, tableColumns } from '../table-columns.js';
import { recordTextBound } from '../text-bound.js';
import { writeText } from '../write/write-text.js';

/**
 * A table for people: the local time at which the event was printed, then a column per field. Nested values are shown as JSON. Lines have
 * no spaces at their end.
 */
export function tablePrinter(type: RecordType, { now = Date.now }: PrinterOptions): Printer {
  const columns = tableColumns(type, TIME.length + 1);
  const time = new Uint8Array(TIME.length);
  const row = new RowBuilder();
  // `r` is where column 0 would be if every character so far had taken one byte.
  row.code('const l=p;let r=p,s=0;');
  row.write(`writeBytes(t,p,${row.constant(time)})`);
  for (const column of columns) addCell(row, column);
  row.write('endLine(t,l,p)');
  const writer = new BatchWriter({
    row: row.build(),
    recordBytes: type.sizeBytes,
    rowBytes: recordTextBound(type) + TIME.length + columns.reduce((sum, { width }) => sum + width + 1, 1),
  });
  return {
    header: () => headerLine(columns),
    print: (batch, limit = Number.POSITIVE_INFINITY) => {
      writeText(time, 0, localTime(new Date(now())));
      return writer.write(batch, limit);
    },
    counts: writer.counts,
  };
}

/** What stands in the first column. */
const TIME = 'HH:MM:SS';

const TABLE_STYLE: ScalarStyle = { quote: printable, writeWide: 'writeBigInt', writeFloat: 'writeDouble' };

function addCell(row: RowBuilder, { field, start, width, right }: TableColumn): void {
  const { type } = field;
  const at = `o+${field.offsetBytes}`;
  if (right) row.code('t[p++]=32;s=p;');
  else row.code(`p=padTo(t,p,r+${start});s=p;`);
  switch (type.kind) {
    case 'string':
      row.write(`writePrintable(t,p,b,${at},${type.sizeBytes})`);
      row.code('r+=excessBytes(t,s,p);');
      return;
    case 'array':
    case 'struct':
    case 'union':
      addJsonValue(row, type, at, '');
      row.code('r+=excessBytes(t,s,p);');
      return;
    default:
      row.write(scalarCode(row, type, at, TABLE_STYLE));
      if (right) row.write(`alignRight(t,s,p,r+${start + width})`);
  }
}

function headerLine(columns: readonly TableColumn[]): string {
  let line = 'TIME';
  for (const { title, start, width, right } of columns)
    line = line.padEnd(start) + (right ? title.padStart(width) : title);
  return `${line}\n`;
}

function localTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
