import { integerCode } from '../row/integer-code.js';
import type { RecordField } from '../value-type.js';
import type { KnownFormat, KnownFormatFactory } from './known-format.js';
import { isInteger } from './value-shape.js';

/** IPv4 and IPv6 addresses. Those of 16 bytes hold either when a field beside them tells the family. */
export const addressFormat: KnownFormatFactory = (field, _, sibling) => {
  if (field.type.sizeBytes === 4) {
    return { ...ADDRESS, width: '255.255.255.255'.length, code: (at) => `writeAddress4(t,p,b,${at})` };
  }
  const family = familyOf(sibling);
  const code = (at: string): string => `writeAddress16(t,p,b,${at},${family === undefined ? 0 : family(at)})`;
  return { ...ADDRESS, width: USUAL_ADDRESS_WIDTH, code };
};

const ADDRESS = {
  right: false,
  mostBytes: '0000:0000:0000:0000:0000:0000:255.255.255.255'.length,
  inCsv: true,
} as const satisfies Partial<KnownFormat>;

/** Most addresses that are in use are shorter: `2001:db8:1234:5678::1`, or IPv4. Longer ones push. */
const USUAL_ADDRESS_WIDTH = 25;

/** The code of the family's value, given the code of the address' offset. */
function familyOf(sibling: (name: RegExp) => RecordField | undefined): ((at: string) => string) | undefined {
  const field = sibling(/^(.*_)?(family|af)$/);
  if (field === undefined || !isInteger(1, 2, 4)(field) || field.type.kind !== 'int') return undefined;
  const { type, offsetBytes } = field;
  return (at) => integerCode(type, `${at}${offsetBytes < 0 ? '' : '+'}${offsetBytes}`);
}
