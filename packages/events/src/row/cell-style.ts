import type { PrinterOptions } from '../printer.js';
import { tableEnumText } from '../write/enum-names.js';
import type { ScalarStyle } from './scalar-code.js';

/** How tables and CSV write scalars. */
export function cellStyle({ numeric }: PrinterOptions): ScalarStyle {
  return {
    enumText: numeric === true ? undefined : tableEnumText,
    writeWide: 'writeBigInt',
    writeFloat: 'writeDouble',
  };
}
