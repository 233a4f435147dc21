import { BatchWriter } from '../batch-writer.js';
import { flexibleBound } from '../flexible-end.js';
import { shownType } from '../printed-columns.js';
import { printedRecords } from '../printed-records.js';
import type { Printer, PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { addJsonMembers } from '../row/json-code.js';
import { RowBuilder } from '../row/row-builder.js';
import { recordTextBound } from '../text-bound.js';
import { TIMESTAMP_BYTES, timestamp } from '../timestamp.js';
import { jsonText } from '../write/json-text.js';

/**
 * NDJSON: one object a line, keys in the order of the struct or of the chosen columns, integers of 64 bits with all their digits. A time is
 * there only when one is asked for, as the first key.
 */
export function jsonPrinter(type: RecordType, options: PrinterOptions): Printer {
  const shown = shownType(type, options);
  const { timestamp: kind = 'none' } = options;
  const time = timestamp(kind, 'full', options);
  const key = jsonText(timeKey(shown));
  const row = new RowBuilder();
  row.text('{');
  if (time !== undefined) {
    const quote = kind === 'monotonic' ? '' : '"';
    row.text(`${key}:${quote}`);
    row.write(`writeBytes(t,p,${row.constant(time)}.bytes)`);
    row.text(`${quote},`);
  }
  addJsonMembers(row, shown.fields, 'o');
  row.text('}\n');
  const writer = new BatchWriter({
    ...printedRecords(type, options),
    row: row.build(),
    rowBytes: recordTextBound(shown) + key.length + TIMESTAMP_BYTES + '":"",\n'.length,
    textPerByte: flexibleBound(shown.fields),
  });
  return {
    header: () => undefined,
    print: (batch, limit = Number.POSITIVE_INFINITY) => {
      time?.update();
      return writer.write(batch, limit);
    },
    counts: writer.counts,
  };
}

/** `time`, with underscores added until no field has that name. */
function timeKey({ fields }: RecordType): string {
  let key = 'time';
  while (fields.some(({ name }) => name === key)) key += '_';
  return key;
}
