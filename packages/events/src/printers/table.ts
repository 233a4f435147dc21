import { BatchWriter, type BatchWriterOptions } from '../batch-writer.js';
import { flexibleBound } from '../flexible-end.js';
import { clipText } from '../layout/column-count.js';
import { type TableColumn, tableColumns } from '../layout/table-columns.js';
import { type PrintedColumn, printedColumns } from '../printed-columns.js';
import { printedRecords } from '../printed-records.js';
import type { Printer, PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { cellStyle } from '../row/cell-style.js';
import { tableRow } from '../row/table-row.js';
import { recordTextBound } from '../text-bound.js';
import { TIMESTAMP_BYTES, type Timestamp, timestamp } from '../timestamp.js';
import { utf8Bytes } from '../write/write-text.js';

/**
 * A table for people: the time at which the event was printed, then a column per field. Nested values are shown as JSON. Lines have no
 * spaces at their end. On a terminal no line is wider than it, and the header comes again on each screen.
 */
export function tablePrinter(type: RecordType, options: PrinterOptions): Printer {
  const { terminal } = options;
  const columns = printedColumns(type, options);
  const records = printedRecords(type, options);
  const time = timestamp(options.timestamp ?? 'local', 'short', options);
  let size = terminal?.size();
  let table = layOut(columns, time, options, size?.columns);
  const writer = new BatchWriter({ ...records, ...rowOptions(table, size?.rows) });
  const follow = (): void => {
    const now = terminal?.size();
    if (now === undefined || (now.columns === size?.columns && now.rows === size.rows)) return;
    size = now;
    table = layOut(columns, time, options, now.columns);
    writer.change({ ...records, ...rowOptions(table, now.rows) });
  };
  return {
    header: () => {
      follow();
      writer.restartHeader();
      return table.header;
    },
    print: (batch, limit = Number.POSITIVE_INFINITY) => {
      follow();
      time?.update();
      return writer.write(batch, limit);
    },
    counts: writer.counts,
  };
}

interface Table {
  readonly columns: readonly TableColumn[];
  readonly header: string;
  readonly row: BatchWriterOptions['row'];
}

function layOut(
  columns: readonly PrintedColumn[],
  time: Timestamp | undefined,
  options: PrinterOptions,
  room: number | undefined,
): Table {
  const style = cellStyle(options);
  const placed = tableColumns(columns, style, time === undefined ? 0 : time.width + 1, room);
  const colour = options.terminal?.colour === true;
  const line = headerLine(placed, time);
  const header = room === undefined ? line : clipText(line, room);
  return {
    columns: placed,
    header: `${colour ? `${BOLD}${header}${NORMAL}` : header}\n`,
    row: tableRow({ time, columns: placed, style, room, timeColour: colour ? [FAINT, NORMAL] : ['', ''] }),
  };
}

/** SGR sequences of ECMA-48. */
const BOLD = '\x1b[1m';
const FAINT = '\x1b[2m';
const NORMAL = '\x1b[0m';

function rowOptions({ columns, header, row }: Table, rows: number | undefined) {
  const fields = columns.map(({ field }) => field);
  const cells = columns.reduce((sum, { width, format }) => sum + width + 1 + (format?.mostBytes ?? 0), 0);
  // A screen that cannot hold more than a header and a few lines would be filled with headers.
  const repeats = rows !== undefined && rows > LEAST_ROWS;
  return {
    row,
    rowBytes: recordTextBound({ fields }) + cells + TIMESTAMP_BYTES + FAINT.length + NORMAL.length + '…\n'.length * 3,
    textPerByte: flexibleBound(fields),
    header: repeats ? { text: utf8Bytes(header), everyRows: rows - 2 } : undefined,
  };
}

const LEAST_ROWS = 8;

function headerLine(columns: readonly TableColumn[], time: Timestamp | undefined): string {
  let line = time?.title ?? '';
  for (const { title, start, width, right } of columns)
    line = line.padEnd(start) + (right ? title.padStart(width) : title);
  return line.trimEnd();
}
