import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { SweepOperation } from './package-operation.js';
import type { PackageView } from './package-view.js';
import { refused } from './verdict.js';

/** Judges the two steps by which unused bytes go: nobody may come to need them in between. */
export function judgeSweep(view: PackageView, { type, digests }: SweepOperation, { at }: FoldContext): PackageVerdict {
  const places = digests.map((digest) => view.condemned(digest));
  if (type === 'condemn') {
    const used = digests.find((digest) => view.holders(digest).length > 0);
    if (used !== undefined) return refused('EBPM_BLOB_IN_USE', `Cannot condemn "${used}": a version has this digest`);
    const [first] = places;
    if (first !== undefined && places.every((place) => place !== undefined)) return { kind: 'repeated', at: first };
    return accepted({ condemned: { digests, at } });
  }
  const other = digests.find((_digest, i) => places[i] === undefined);
  if (other === undefined) return accepted({ condemned: { digests, at: undefined } });
  return refused('EBPM_BLOB_NOT_CONDEMNED', `Cannot call "${other}" swept: it was not condemned`);
}
