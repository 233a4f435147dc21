import type { BpfObject } from './bpf-object.js';
import type { Btf } from './btf.js';
import { BTF_KINDS, type BtfKind } from './btf-type.js';
import { essentialName } from './essential-name.js';

/**
 * The names that an object's CO-RE relocations start from, without flavour, each with the numbers of the kinds (BTF_KIND_*)
 * under which libbpf looks for it in the kernel's BTF.
 */
export function coreRoots({ coreRelocations, btf }: BpfObject): ReadonlyMap<string, ReadonlySet<number>> {
  return btf === undefined ? new Map() : rootsIn(btf, coreRelocations);
}

function rootsIn(btf: Btf, relocations: BpfObject['coreRelocations']): Map<string, Set<number>> {
  const roots = new Map<string, Set<number>>();
  for (const { kind, typeId } of relocations) {
    if (kind === 'type_id_local') continue;
    const root = btf.type(typeId);
    const name = essentialName(root.name);
    const kinds = roots.get(name) ?? new Set();
    for (const number of sameKinds(root.kind)) kinds.add(number);
    roots.set(name, kinds);
  }
  return roots;
}

/** Enums of 32 and of 64 bits find each other. */
function sameKinds(kind: BtfKind): readonly number[] {
  const kinds: readonly BtfKind[] = kind === 'enum' || kind === 'enum64' ? ['enum', 'enum64'] : [kind];
  return kinds.map((one) => BTF_KINDS.indexOf(one));
}
