import { BatchWriter } from '../batch-writer.js';
import { flexibleBound } from '../flexible-end.js';
import { printable } from '../printable.js';
import { type PrintedColumn, printedColumns } from '../printed-columns.js';
import { printedRecords } from '../printed-records.js';
import type { Printer, PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { addCellText, isNumber } from '../row/cell-code.js';
import { cellStyle } from '../row/cell-style.js';
import { RowBuilder } from '../row/row-builder.js';
import { recordTextBound } from '../text-bound.js';
import { TIMESTAMP_BYTES, timestamp } from '../timestamp.js';
import { utf8Text } from '../utf8.js';
import { quoteCsv } from '../write/quote-csv.js';
import { utf8Bytes } from '../write/write-text.js';

/**
 * CSV (RFC 4180, lines that end with a line feed) with the fields' names as header. Numbers are plain numbers; only addresses, which are
 * none, are shown as people write them. A time is there only when one is asked for, as the first column.
 */
export function csvPrinter(type: RecordType, options: PrinterOptions): Printer {
  const columns = printedColumns(type, options);
  const time = timestamp(options.timestamp ?? 'none', 'full', options);
  const row = new RowBuilder();
  row.code('let s=0;');
  if (time !== undefined) row.write(`writeBytes(t,p,${row.constant(time)}.bytes)`);
  columns.forEach((column, index) => {
    if (index > 0 || time !== undefined) row.text(',');
    addCell(row, column, options);
  });
  row.text('\n');
  const mostBytes = columns.reduce((sum, { format }) => sum + (format?.mostBytes ?? 0), 0);
  const fields = columns.map(({ field }) => field);
  const writer = new BatchWriter({
    ...printedRecords(type, options),
    row: row.build(),
    // Quotes double at most every byte of a cell, and add three.
    rowBytes: 2 * (recordTextBound({ fields }) + mostBytes) + columns.length * '"\'",'.length + TIMESTAMP_BYTES,
    textPerByte: 2 * flexibleBound(fields),
  });
  const titles = [...(time === undefined ? [] : [time.title.toLowerCase()]), ...fields.map(({ name }) => name)];
  return {
    header: () => `${titles.map(csvCell).join(',')}\n`,
    print: (batch, limit = Number.POSITIVE_INFINITY) => {
      time?.update();
      return writer.write(batch, limit);
    },
    counts: writer.counts,
  };
}

function addCell(row: RowBuilder, column: PrintedColumn, options: PrinterOptions): void {
  const style = cellStyle(options);
  const shown = column.format?.inCsv === true ? column : { ...column, format: undefined };
  row.code('s=p;');
  addCellText(row, shown, style);
  if (shown.format === undefined && !isNumber(column.field.type, style)) row.write('quoteCsv(t,s,p)');
}

function csvCell(text: string): string {
  const bytes = utf8Bytes(printable(text));
  const out = new Uint8Array(bytes.length * 2 + 3);
  out.set(bytes);
  return utf8Text(out.subarray(0, quoteCsv(out, 0, bytes.length)));
}
