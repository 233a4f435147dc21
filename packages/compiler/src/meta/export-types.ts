import { EbpmError, type EunomiaExportType } from '@ebpm/formats';
import { type BpfObject, type Btf, type BtfComposite, carriesEvents } from '@ebpm/object';
import type { MetaSources } from './derive-meta.js';

/**
 * The header's structs, as they are in the object's BTF. Loaders read events as the first one, so the structs come first that look
 * most like an event. Otherwise the header's order stays.
 * @throws EBPM_BUILD_NO_EVENT_STRUCT when a map carries events and the header gives none
 */
export function exportTypes({ object, structs, headerPath }: MetaSources): readonly EunomiaExportType[] {
  const { btf } = object;
  const found = btf === undefined ? [] : structs.flatMap((name) => btf.find(name, 'struct') ?? []).filter(isComposite);
  if (btf === undefined || found.length === 0) {
    requireNoEvents(object, headerPath, structs);
    return [];
  }
  const rank = rankOf(object, btf, found);
  const ordered = found.toSorted((a, b) => rank(a) - rank(b));
  return ordered.map((struct) => exportType(struct, btf));
}

function requireNoEvents({ maps }: BpfObject, headerPath: string, structs: readonly string[]): void {
  const map = maps.find(carriesEvents);
  if (map === undefined) return;
  const isLeftOut = structs.length > 0;
  const reason = isLeftOut ? `the source does not include "${headerPath}"` : `"${headerPath}" defines no struct`;
  throw new EbpmError(
    'EBPM_BUILD_NO_EVENT_STRUCT',
    `Cannot tell what the events of map "${map.name}" look like: ${reason}`,
    {
      hint: isLeftOut
        ? `Write into the source: #include "${headerPath.replace(/^.*\//, '')}"`
        : `Define the struct that the program sends in "${headerPath}" and include it:\n  struct event { int pid; char comm[16]; };`,
      data: { map: map.name, header: headerPath, structs },
    },
  );
}

/** How unlike an event a struct is: the key of a map or a part of another struct most, the value of a map less. */
function rankOf({ maps }: BpfObject, btf: Btf, structs: readonly BtfComposite[]): (struct: BtfComposite) => number {
  const idOf = (typeId: number | undefined) => (typeId === undefined ? undefined : btf.resolve(typeId).id);
  const keys = new Set(maps.map((map) => idOf(map.keyTypeId)));
  const values = new Set(maps.map((map) => idOf(map.valueTypeId)));
  const parts = new Set(structs.flatMap((struct) => memberTypeIds(struct, btf)));
  return ({ id }) => (keys.has(id) || parts.has(id) ? 2 : values.has(id) ? 1 : 0);
}

/** The types of a struct's members, and of the elements of those that are arrays. */
function memberTypeIds({ members }: BtfComposite, btf: Btf): readonly number[] {
  return members.map(({ typeId }) => elementTypeId(typeId, btf));
}

function elementTypeId(typeId: number, btf: Btf): number {
  const type = btf.resolve(typeId);
  return type.kind === 'array' ? elementTypeId(type.elementTypeId, btf) : type.id;
}

function exportType({ name, sizeBytes, id, members }: BtfComposite, btf: Btf): EunomiaExportType {
  return {
    name,
    size: sizeBytes,
    type_id: id,
    members: members.map((member) => ({ name: member.name, type: btf.nameOf(member.typeId) })),
  };
}

function isComposite(type: { readonly kind: string }): type is BtfComposite {
  return type.kind === 'struct';
}
