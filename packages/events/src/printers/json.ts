import { BatchWriter } from '../batch-writer.js';
import type { Printer } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { addJsonObject } from '../row/json-code.js';
import { RowBuilder } from '../row/row-builder.js';
import { recordTextBound } from '../text-bound.js';

/** NDJSON: one object a line, keys in the order of the struct, integers of 64 bits with all their digits. */
export function jsonPrinter(type: RecordType): Printer {
  const row = new RowBuilder();
  addJsonObject(row, type.fields, 'o');
  row.text('\n');
  const writer = new BatchWriter({
    row: row.build(),
    recordBytes: type.sizeBytes,
    rowBytes: recordTextBound(type) + '\n'.length,
  });
  return {
    header: () => undefined,
    print: (batch, limit = Number.POSITIVE_INFINITY) => writer.write(batch, limit),
    counts: writer.counts,
  };
}
