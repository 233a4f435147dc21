import type { BpfObject } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { ElfFile, ElfSection } from '../elf-file.js';
import { essentialName } from '../essential-name.js';

/** A member of a table of functions. */
export interface StructOpsMember {
  readonly name: string;
  /** In the object's own BTF. */
  readonly typeId: number;
  /** The program that stands there. */
  readonly program: string | undefined;
  /** Whether the object gives it anything but zeros. */
  readonly isSet: boolean;
}

/** A variable that the kernel takes over as a table of functions, such as a TCP congestion control. */
export interface StructOpsTable {
  readonly name: string;
  /** The kernel's name of its type, without flavour. */
  readonly type: string;
  readonly members: readonly StructOpsMember[];
}

/** Without the `?`: libbpf makes those of sections with one only when it is asked to. */
const SECTIONS: readonly string[] = ['.struct_ops', '.struct_ops.link'];

/**
 * The tables that an object hands to the kernel, with the programs in them.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (init_struct_ops_maps, bpf_object__collect_st_ops_relos)
 */
export function structOpsTables(elf: ElfFile, object: BpfObject): readonly StructOpsTable[] {
  const { btf } = object;
  if (btf === undefined) return [];
  return [...btf.ofKind('datasec')].flatMap((datasec) => {
    const section = elf.sections.find(({ name }) => name === datasec.name);
    if (datasec.kind !== 'datasec' || section === undefined || !SECTIONS.includes(datasec.name)) return [];
    const programs = programsIn(elf, object, section);
    return datasec.variables.flatMap(({ typeId, offsetBytes }): StructOpsTable[] => {
      const variable = btf.type(typeId);
      const type = variable.kind === 'var' ? btf.resolve(variable.typeId) : undefined;
      if (type?.kind !== 'struct') return [];
      const members = type.members.map((member): StructOpsMember => {
        const at = offsetBytes + Math.floor(member.offsetBits / 8);
        const program = programs.get(at);
        const isSet = program !== undefined || hasBytes(section, at, sizeOf(btf, member.typeId));
        return { name: member.name, typeId: member.typeId, program, isSet };
      });
      return [{ name: variable.name, type: essentialName(type.name), members }];
    });
  });
}

/** The programs whose addresses stand in a section, by where. */
function programsIn(elf: ElfFile, { programs }: BpfObject, section: ElfSection): ReadonlyMap<number, string> {
  const byPlace = new Map(programs.map((one) => [`${one.sectionIndex}:${one.offsetBytes}`, one.name]));
  return new Map(
    elf.relocationsOf(section).flatMap(({ offsetBytes, symbol }): [number, string][] => {
      const program = byPlace.get(`${symbol.sectionIndex}:${symbol.valueBytes}`);
      return program === undefined ? [] : [[offsetBytes, program]];
    }),
  );
}

function sizeOf(btf: Btf, typeId: number): number {
  return btf.hasSize(typeId) ? btf.sizeOf(typeId) : 0;
}

function hasBytes({ bytes }: ElfSection, offset: number, size: number): boolean {
  return bytes?.subarray(offset, offset + size).some((byte) => byte !== 0) ?? false;
}
