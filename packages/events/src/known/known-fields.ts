import type { RecordField } from '../value-type.js';
import { addressFormat } from './address-format.js';
import { durationFormat } from './duration-format.js';
import type { KnownFormatFactory } from './known-format.js';
import { errorFormat, signalFormat, systemCallFormat, userFormat } from './name-format.js';
import { networkPortFormat } from './port-format.js';
import { isAddress, isInteger, isNetworkPort, isSignedInteger } from './value-shape.js';

/** A field whose name and type say what its values mean. */
export interface KnownField {
  /** Matched against the last part of a field's path. */
  readonly name: RegExp;
  readonly type: (field: RecordField) => boolean;
  readonly format: KnownFormatFactory;
}

/** Every field that tables show as people want it; the first that fits counts. docs/output.md has the same list. */
export const KNOWN_FIELDS: readonly KnownField[] = [
  {
    name: /^((.*_)?[sdlr]|.*(src|dst|local|remote|peer)_?)?(addr|ip)(_?v?[46])?$/,
    type: isAddress,
    format: addressFormat,
  },
  { name: /port$/, type: isNetworkPort, format: networkPortFormat },
  { name: /(^|_)(e|s|fs|a|login)?uid$/, type: isInteger(4), format: userFormat },
  { name: /(^|_)(sig|signo|signal|signum)$/, type: isInteger(1, 2, 4), format: signalFormat },
  { name: /^(syscall|sys)(_?(nr|no|id|num))?$/, type: isInteger(2, 4, 8), format: systemCallFormat },
  { name: /(^|_)(ret|retval|err|errno|error)$/, type: isSignedInteger(4, 8), format: errorFormat },
  {
    name: /^(?!(ts|time|timestamp|start|end|begin|ktime|now|boot)_|.*_(ts|timestamp|start|end|begin)_).*(^|_)(ns|us|ms)$/,
    type: isInteger(4, 8),
    format: durationFormat,
  },
];
