import { BatchWriter } from '../batch-writer.js';
import { printable } from '../printable.js';
import { printedRecords } from '../printed-records.js';
import type { Printer, PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { RowBuilder } from '../row/row-builder.js';
import { TIMESTAMP_BYTES, timestamp } from '../timestamp.js';
import { HEX_DUMP_BYTES } from '../write/write-hex-dump.js';

/**
 * Every byte of each event as the kernel gave it, below a line with time, type and size. Without a filter, which needs the fields, events
 * that are shorter than their type are shown too.
 */
export function hexPrinter(type: RecordType, options: PrinterOptions): Printer {
  const { recordBytes, filter } = printedRecords(type, options);
  const time = timestamp(options.timestamp ?? 'local', 'short', options);
  const row = new RowBuilder();
  if (time !== undefined) {
    row.write(`writeBytes(t,p,${row.constant(time)}.bytes)`);
    row.text(' ');
  }
  const title = `${printable(type.name)}, `;
  row.text(title);
  row.write('writeUint32(t,p,n)');
  row.text(' bytes\n');
  row.write('writeHexDump(t,p,b,o,n)');
  const writer = new BatchWriter({
    row: row.build(),
    filter,
    recordBytes: filter === undefined ? 0 : recordBytes,
    rowBytes: TIMESTAMP_BYTES + title.length * 4 + ' 4294967295 bytes\n'.length + HEX_DUMP_BYTES.besides,
    textPerByte: HEX_DUMP_BYTES.perByte,
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
