import type { BpfMap, BpfObject, Btf, BtfComposite, OutputCall } from '@ebpm/object';
import type { CandidateStruct } from './candidate-structs.js';

/** What can be said of the events of a map from the object alone. */
export type DerivedType =
  | { readonly ok: true; readonly struct: BtfComposite; readonly proof: string }
  | { readonly ok: false; readonly reason: string; readonly candidates: readonly BtfComposite[] };

/** What an object's event types are derived from. */
export interface TypeFacts {
  readonly object: BpfObject;
  readonly btf: Btf;
  readonly candidates: readonly CandidateStruct[];
  readonly calls: readonly OutputCall[];
}

/**
 * The struct of a map's events, where one thing says it and nothing contradicts: the map's own definition; the value of a map
 * that is sent as it is; the only struct that the author pinned; the only struct of the size that is sent. A guess is never made.
 */
export function deriveEventType(map: BpfMap, facts: TypeFacts): DerivedType {
  const { btf, candidates } = facts;
  const calls = facts.calls.filter((call) => call.map === map.name);
  const defined = structOf(btf, map.valueTypeId);
  if (defined !== undefined) return { ok: true, struct: defined, proof: 'the map says so' };
  const sent = sentValue(calls, facts);
  if (sent !== undefined) return sent;
  const sizes = [...new Set(calls.map(({ sizeBytes }) => sizeBytes))].filter((size) => size !== undefined);
  if (sizes.length > 1) {
    const reason = `the programs send records of ${sizes.sort((a, b) => a - b).join(' and ')} bytes`;
    return refused(reason, ofSizes(candidates, sizes));
  }
  const fitting = sizes.length === 0 ? candidates : ofSizes(candidates, sizes);
  const pinned = fitting.filter(({ isPinned }) => isPinned);
  const [only, ...others] = pinned.length > 0 ? pinned : fitting;
  const what = sizes.length === 0 ? 'events' : `records of ${sizes[0]} bytes`;
  if (only === undefined) return refused(noneReason(candidates, what, sizes), candidates);
  if (others.length > 0) return refused(`${others.length + 1} structs fit`, [only, ...others]);
  if (only.isPinned) return { ok: true, struct: only.struct, proof: 'a pointer to it is in the object' };
  if (sizes.length > 0) return { ok: true, struct: only.struct, proof: `the only struct of ${sizes[0]} bytes` };
  return refused('nothing says how large its records are', [only]);
}

/** Where every call sends values of one map, they are of its type, however many of their bytes. */
function sentValue(calls: readonly OutputCall[], { object, btf }: TypeFacts): DerivedType | undefined {
  const [source, ...others] = new Set(calls.map(({ fromMap }) => fromMap));
  if (source === undefined || others.length > 0) return undefined;
  const struct = structOf(btf, object.maps.find(({ name }) => name === source)?.valueTypeId);
  if (struct === undefined) return undefined;
  const fits = calls.every(({ sizeBytes }) => sizeBytes === undefined || sizeBytes === struct.sizeBytes);
  return fits ? { ok: true, struct, proof: `values of map "${source}" are sent` } : undefined;
}

function structOf(btf: Btf, typeId: number | undefined): BtfComposite | undefined {
  const type = typeId === undefined ? undefined : btf.resolve(typeId);
  return type?.kind === 'struct' && type.sizeBytes > 0 && type.name !== '' ? type : undefined;
}

function ofSizes(candidates: readonly CandidateStruct[], sizes: readonly number[]): readonly CandidateStruct[] {
  return candidates.filter(({ struct }) => sizes.includes(struct.sizeBytes));
}

function noneReason(candidates: readonly CandidateStruct[], what: string, sizes: readonly number[]): string {
  if (candidates.length === 0) return 'its BTF has no struct that could be one';
  return `the programs send ${what}, and none of its structs has ${sizes[0]} bytes`;
}

function refused(reason: string, candidates: readonly CandidateStruct[]): DerivedType {
  return { ok: false, reason, candidates: candidates.map(({ struct }) => struct) };
}
