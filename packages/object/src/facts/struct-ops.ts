import type { StructOpsFacts } from '@ebpm/formats';
import type { Btf } from '../btf.js';
import { essentialName } from '../essential-name.js';

/** The sections whose variables the kernel takes over as a set of its functions; the second kind ends with its link. */
const SECTIONS: ReadonlyMap<string, boolean> = new Map([
  ['.struct_ops', false],
  ['?.struct_ops', false],
  ['.struct_ops.link', true],
  ['?.struct_ops.link', true],
]);

/**
 * The sets of functions that an object hands to the kernel, by section and place.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (init_struct_ops_maps)
 */
export function structOps(btf: Btf | undefined): StructOpsFacts[] {
  if (btf === undefined) return [];
  return [...btf.ofKind('datasec')].flatMap((section) => {
    const link = SECTIONS.get(section.name);
    if (section.kind !== 'datasec' || link === undefined) return [];
    return section.variables.flatMap(({ typeId }) => {
      const variable = btf.type(typeId);
      if (variable.kind !== 'var') return [];
      return [{ name: variable.name, type: essentialName(btf.resolve(variable.typeId).name), link }];
    });
  });
}
