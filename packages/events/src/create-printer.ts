import type { Printer, PrinterOptions } from './printer.js';
import { PRINTERS, type PrinterKind } from './printers/all.js';
import type { RecordType } from './record-type.js';

/** Makes the printer of one output format for one type of event. */
export function createPrinter(kind: PrinterKind, type: RecordType, options: PrinterOptions = {}): Printer {
  return PRINTERS[kind](type, options);
}
