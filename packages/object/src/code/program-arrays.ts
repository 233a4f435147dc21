import type { BpfMap, BpfObject } from '../bpf-object.js';
import type { ElfFile } from '../elf-file.js';
import { isProgramArray, type ProgramArrays } from './reach.js';

/**
 * What the arrays of programs hold from the start: the relocations of `.maps` that stand in their `values` and lead to programs.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_object__collect_map_relos)
 */
export function programArrays(elf: ElfFile, { maps, programs }: BpfObject): ProgramArrays {
  const arrays = maps.filter(isProgramArray);
  const section = elf.sections.find(({ name }) => name === '.maps');
  if (section === undefined || arrays.length === 0) return new Map();
  const places = new Map(
    programs.map(({ sectionIndex, offsetBytes, name }) => [`${sectionIndex}:${offsetBytes}`, name]),
  );
  const held = new Map<string, (string | undefined)[]>(arrays.map(({ name }) => [name, []]));
  for (const { offsetBytes, symbol } of elf.relocationsOf(section)) {
    const map = lastBefore(maps, offsetBytes);
    if (map !== undefined) held.get(map.name)?.push(places.get(`${symbol.sectionIndex}:${symbol.valueBytes}`));
  }
  return new Map([...held].map(([name, names]) => [name, allKnown(names) ?? 'any']));
}

/** The map in whose definition a place is; maps are in order of offset. */
function lastBefore(maps: readonly BpfMap[], offsetBytes: number): BpfMap | undefined {
  let low = 0;
  let high = maps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((maps[middle]?.offsetBytes ?? 0) <= offsetBytes) low = middle + 1;
    else high = middle;
  }
  return maps[low - 1];
}

function allKnown(names: readonly (string | undefined)[]): ReadonlySet<string> | undefined {
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length && known.length > 0 ? new Set(known) : undefined;
}
