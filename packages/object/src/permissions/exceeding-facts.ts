import type { ObjectFacts } from '@ebpm/formats';
import { canonicalJson } from '../facts/canonical-json.js';
import { compareFacts } from './compare-facts.js';

/**
 * What an object may do beyond every one of those that were agreed to; undefined where it may do no more than one of them. It has to have each of its programs, maps and
 * struct_ops from that one, as they are there: values of globals make no difference to facts. At most a few things, in words.
 */
export function exceedingFacts(agreed: readonly ObjectFacts[], object: ObjectFacts): readonly string[] | undefined {
  if (agreed.some((known) => contains(known, object))) return undefined;
  const added = compareFacts({ objects: [...agreed] }, { objects: [object] })
    .filter(({ change }) => change === 'added')
    .map(({ kind, what }) => `${kind} ${what}`);
  return added.length > 0 ? added.slice(0, TOLD) : unknownParts(agreed, object);
}

/** Things that an error names. */
const TOLD = 5;

function contains(known: ObjectFacts, object: ObjectFacts): boolean {
  if (!known.readable || !object.readable) return known.sha256 === object.sha256;
  return partsOf(object).every(([what, parts]) => {
    const there = new Set(
      partsOf(known)
        .find(([kind]) => kind === what)?.[1]
        .map(canonicalJson),
    );
    return parts.map(canonicalJson).every((part) => there.has(part));
  });
}

function partsOf(object: ObjectFacts): readonly (readonly [string, readonly object[]])[] {
  return [
    ['programs', object.programs],
    ['maps', object.maps],
    ['structOps', object.structOps],
    // A license decides which helpers the kernel gives.
    ['license', [{ license: object.license ?? '' }]],
  ];
}

function unknownParts(agreed: readonly ObjectFacts[], object: ObjectFacts): readonly string[] {
  if (agreed.length === 0) return ['an eBPF object, and none was found in the module'];
  const known = new Set(agreed.flatMap(({ programs }) => programs.map(canonicalJson)));
  const changed = object.programs.filter((program) => !known.has(canonicalJson(program)));
  if (changed.length === 0) return ['programs and maps in another combination'];
  return changed.slice(0, TOLD).map(({ name }) => `program ${name}, which is not as it was`);
}
