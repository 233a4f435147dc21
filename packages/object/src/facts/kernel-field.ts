import type { CoreRelocation, CoreRelocationKind } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import { essentialName } from '../essential-name.js';

/** Relocations that say where a field is, which only those need that read it. */
const READS: ReadonlySet<CoreRelocationKind> = new Set(['field_byte_offset', 'field_lshift_u64', 'field_rshift_u64']);

/**
 * The field of a kernel's type that a CO-RE relocation leads to, without flavour, elements of arrays and names of anonymous members:
 * `task_struct.se.vruntime`. Undefined where nothing is read, or the type has no name.
 */
export function kernelField(btf: Btf, { kind, typeId, access }: CoreRelocation): string | undefined {
  if (!READS.has(kind)) return undefined;
  const root = rootName(btf, typeId);
  if (root === undefined) return undefined;
  let path = essentialName(root);
  let id = typeId;
  for (const index of access.slice(1)) {
    const type = btf.resolve(id);
    if (type.kind === 'struct' || type.kind === 'union') {
      const member = type.members[index];
      if (member === undefined) return undefined;
      if (member.name !== '') path += `.${member.name}`;
      id = member.typeId;
    } else if (type.kind === 'array') id = type.elementTypeId;
    else return undefined;
  }
  return path.includes('.') ? path : undefined;
}

/** A struct without a name goes by that of a typedef. */
function rootName(btf: Btf, typeId: number): string | undefined {
  const name = btf.resolve(typeId).name || btf.type(typeId).name;
  return name === '' ? undefined : name;
}
