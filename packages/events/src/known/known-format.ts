import type { PrinterOptions } from '../printer.js';
import type { RecordField } from '../value-type.js';
import type { NameTable } from './name-table.js';

/** How the values of a field that has a known name are shown to people. */
export interface KnownFormat {
  /** Terminal columns that usual values take. */
  readonly width: number;
  /** Whether it stands on the right, as numbers do. */
  readonly right: boolean;
  /** Longest text in bytes. */
  readonly mostBytes: number;
  /** Whether CSV has it too: where the plain value would be of no use to a program. */
  readonly inCsv: boolean;
  /** Code that writes the value and gives the new position; `at` is the code of its offset, `constant` passes a value beside the code. */
  code(at: string, constant: (value: unknown) => string): string;
  /** The names of values, for filters. */
  readonly names?: NameTable;
}

/** Makes the format of one field. `sibling` gives another field of the same struct, its offset counted from where `field` is. */
export type KnownFormatFactory = (
  field: RecordField,
  options: PrinterOptions,
  sibling: (name: RegExp) => RecordField | undefined,
) => KnownFormat | undefined;
