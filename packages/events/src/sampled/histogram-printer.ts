import { EbpmError } from '@ebpm/formats';
import { BatchWriter } from '../batch-writer.js';
import { LINEAR_SLOT_LIMIT, LOG2_SLOT_LIMIT } from '../limits.js';
import { printable } from '../printable.js';
import { printedRecords } from '../printed-records.js';
import type { Printer, PrinterOptions } from '../printer.js';
import { readInteger } from '../read-integer.js';
import type { RecordType } from '../record-type.js';
import { addPlainValue } from '../row/plain-code.js';
import { RowBuilder, type RowWriter } from '../row/row-builder.js';
import { recordTextBound } from '../text-bound.js';
import type { ArrayType, IntType, RecordField } from '../value-type.js';
import { utf8Bytes, writeText } from '../write/write-text.js';
import { drawHistogram, type HistogramStyle } from './draw-histogram.js';

/**
 * Prints entries of a map whose value has an array of integers named `slots`, as eunomia-bpf does: the key, the other members of the
 * value, a blank line, the histogram, a blank line.
 *
 * @throws EBPM_EVENT_TYPE_INVALID when there is no such array, or one of more slots than `limits.ts` allows
 * @throws EBPM_FILTER_INVALID
 */
export function histogramPrinter(type: RecordType, style: HistogramStyle, options: PrinterOptions = {}): Printer {
  const slots = slotsOf(type, style);
  const unit = printable(style.unit);
  const head = headWriter(type, slots);
  const { element, length } = slots.type;
  const row: RowWriter = (bytes, view, at, out, position, recordBytes) => {
    const start = at + slots.offsetBytes;
    const counts = Array.from({ length }, (_, index) => readInteger(view, start + index * element.sizeBytes, element));
    return writeText(
      out,
      head(bytes, view, at, out, position, recordBytes),
      `${drawHistogram(counts, { ...style, unit })}\n`,
    );
  };
  const writer = new BatchWriter({
    row,
    ...printedRecords(type, options),
    rowBytes: recordTextBound(type) + (length + 2) * ROW_BYTES + utf8Bytes(unit).length,
  });
  return {
    header: () => undefined,
    print: (batch, limit = Number.POSITIVE_INFINITY) => writer.write(batch, limit),
    counts: writer.counts,
  };
}

/** More than a line of a histogram can have: two limits of 39 digits, a count of 39, a bar of 40, and what stands between. */
const ROW_BYTES = 200;

interface Slots {
  /** From the start of the record. */
  readonly offsetBytes: number;
  readonly type: ArrayType & { readonly element: IntType };
}

function slotsOf(record: RecordType, { scale }: HistogramStyle): Slots {
  const value = mapValue(record);
  const slots = fieldsOf(value).find(({ name }) => name === SLOTS);
  if (slots?.type.kind !== 'array' || slots.type.element.kind !== 'int') {
    throw invalid(record, 'its value has no array of integers named "slots"');
  }
  const limit = scale.kind === 'log2' ? LOG2_SLOT_LIMIT : LINEAR_SLOT_LIMIT;
  if (slots.type.length > limit) {
    throw invalid(record, `"slots" has ${slots.type.length} elements, the limit is ${limit}`);
  }
  const type = { ...slots.type, element: slots.type.element };
  return { offsetBytes: value.offsetBytes + slots.offsetBytes, type };
}

const SLOTS = 'slots';

function mapValue(record: RecordType): RecordField {
  const value = record.fields.find(({ name }) => name === 'value');
  if (value === undefined) throw new TypeError('A histogram is drawn of the entries of a map');
  return value;
}

/** `key =  1 comm`, then each other member of the value as `name = value`, then a blank line. */
function headWriter(record: RecordType, slots: Slots): RowWriter {
  const row = new RowBuilder();
  row.text('key = ');
  for (const field of record.fields.filter(({ name }) => name !== 'value')) {
    for (const inner of fieldsOf(field)) {
      row.text(' ');
      addPlainValue(row, inner.type, `o+${field.offsetBytes + inner.offsetBytes}`);
    }
  }
  row.text('\n');
  const value = mapValue(record);
  for (const { name, offsetBytes, type } of fieldsOf(value)) {
    if (value.offsetBytes + offsetBytes === slots.offsetBytes && name === SLOTS) continue;
    row.text(`${printable(name)} = `);
    addPlainValue(row, type, `o+${value.offsetBytes + offsetBytes}`);
    row.text('\n');
  }
  row.text('\n');
  return row.build();
}

function fieldsOf({ name, typeName, type }: RecordField): readonly RecordField[] {
  return 'fields' in type ? type.fields : [{ name, offsetBytes: 0, typeName, type }];
}

function invalid({ name }: RecordType, reason: string): EbpmError {
  return new EbpmError('EBPM_EVENT_TYPE_INVALID', `Cannot draw map "${name}" as a histogram: ${reason}`, {
    hint: 'Print it with --json, or let the program count in "slots"',
  });
}
