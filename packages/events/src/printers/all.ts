import type { PrinterFactory } from '../printer.js';
import { csvPrinter } from './csv.js';
import { hexPrinter } from './hex.js';
import { jsonPrinter } from './json.js';
import { tablePrinter } from './table.js';

/** Every output format by its name. */
export const PRINTERS = {
  table: tablePrinter,
  json: jsonPrinter,
  csv: csvPrinter,
  hex: hexPrinter,
} as const satisfies Readonly<Record<string, PrinterFactory>>;

/** Name of an output format. */
export type PrinterKind = keyof typeof PRINTERS;
