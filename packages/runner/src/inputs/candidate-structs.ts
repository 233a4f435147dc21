import type { BpfObject, Btf, BtfComposite } from '@ebpm/object';
import { programKind } from '@ebpm/object';

/** A struct that the events of a map may be of. */
export interface CandidateStruct {
  readonly struct: BtfComposite;
  /** Whether the author has put a pointer to it into the object, which has no other use than to keep it in BTF. */
  readonly isPinned: boolean;
}

/**
 * The structs of an object that can be events: those that it defines for itself. Types of the kernel (what CO-RE relocations
 * and the programs' contexts lead to), keys of maps, and parts of other candidates are not.
 */
export function candidateStructs(object: BpfObject): readonly CandidateStruct[] {
  const { btf } = object;
  if (btf === undefined) return [];
  const pinned = pinnedStructs(object, btf);
  const foreign = kernelTypes(object, btf);
  for (const { keyTypeId } of object.maps) if (keyTypeId !== undefined) foreign.add(btf.resolve(keyTypeId).id);
  const own = [...btf.ofKind('struct')]
    .filter(isStruct)
    .filter(({ id, name, sizeBytes }) => name !== '' && sizeBytes > 0 && (pinned.has(id) || !foreign.has(id)));
  const parts = new Set(own.flatMap((struct) => heldTypes(btf, struct)));
  return own
    .filter(({ id }) => pinned.has(id) || !parts.has(id))
    .map((struct) => ({ struct, isPinned: pinned.has(struct.id) }));
}

/** What global variables point to: `struct event *__eunomia_dummy_event_ptr`, `const struct event *unused`. */
function pinnedStructs({ dataSections }: BpfObject, btf: Btf): ReadonlySet<number> {
  return new Set(
    dataSections
      .flatMap(({ variables }) => variables)
      .map(({ typeId }) => btf.resolve(typeId))
      .flatMap((type) => (type.kind === 'ptr' ? [btf.resolve(type.typeId)] : []))
      .filter(isStruct)
      .map(({ id }) => id),
  );
}

/** What the kernel's types and those of programs' contexts lead to, through pointers too. */
function kernelTypes({ coreRelocations, programs }: BpfObject, btf: Btf): Set<number> {
  const names = new Set(programs.filter(({ section }) => programKind(section) !== undefined).map(({ name }) => name));
  const contexts = [...btf.ofKind('func')].flatMap((func) => {
    if (func.kind !== 'func' || !names.has(func.name)) return [];
    const proto = btf.type(func.typeId);
    return proto.kind === 'func_proto' ? proto.params.map(({ typeId }) => typeId) : [];
  });
  const found = new Set<number>();
  const rest = [...coreRelocations.map(({ typeId }) => typeId), ...contexts];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const type = btf.type(id);
    if ('typeId' in type) rest.push(type.typeId);
    if (type.kind === 'array') rest.push(type.elementTypeId);
    if (type.kind === 'struct' || type.kind === 'union') rest.push(...type.members.map(({ typeId }) => typeId));
  }
  return found;
}

/** The structs that one holds by value, also as elements of arrays. */
function heldTypes(btf: Btf, { members }: BtfComposite): readonly number[] {
  return members.map(({ typeId }) => {
    let type = btf.resolve(typeId);
    while (type.kind === 'array') type = btf.resolve(type.elementTypeId);
    return type.id;
  });
}

function isStruct(type: { readonly kind: string }): type is BtfComposite {
  return type.kind === 'struct';
}
