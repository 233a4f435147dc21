import { type ElfFile, type ElfSection, EXECUTABLE, SECTION_TYPE } from './elf-file.js';
import { refusal } from './refusal.js';

/** The sections of an object that mean something to libbpf, each name standing for one section. */
export interface ObjectSections {
  /** Non-empty sections with instructions. */
  readonly executable: readonly ElfSection[];
  /** Non-empty sections that become internal maps. */
  readonly data: readonly ElfSection[];
  readonly maps: ElfSection | undefined;
  readonly license: ElfSection | undefined;
  readonly btf: ElfSection | undefined;
  readonly btfExt: ElfSection | undefined;
}

/** Sections that libbpf does not look at; several may share a name. */
const IGNORED = /^(\.rel)?\.debug_|^\.group$|^$/;

const DATA = /^\.(rodata|data)(\..*)?$/;
const ZEROED_DATA = /^\.bss(\..*)?$/;

/**
 * Sorts the sections as libbpf does.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_object__elf_collect)
 * @throws EBPM_OBJECT_INVALID, EBPM_OBJECT_UNSUPPORTED
 */
export function objectSections(elf: ElfFile): ObjectSections {
  const byName = uniqueNames(elf);
  if (byName.has('maps')) {
    throw refusal(
      'EBPM_OBJECT_UNSUPPORTED',
      'it defines maps in section "maps", which libbpf has not loaded since version 1.0',
      { section: 'maps' },
      'Define the maps with SEC(".maps") and compile again',
    );
  }
  const filled = elf.sections.filter((section) => section.sizeBytes > 0);
  const withBytes = filled.filter((section) => section.type === SECTION_TYPE.progbits);
  const zeroed = filled.filter((section) => section.type === SECTION_TYPE.nobits && ZEROED_DATA.test(section.name));
  const initialised = withBytes.filter((section) => !isExecutable(section) && DATA.test(section.name));
  return {
    executable: withBytes.filter(isExecutable),
    data: [...initialised, ...zeroed].sort((left, right) => left.index - right.index),
    maps: byName.get('.maps'),
    license: byName.get('license'),
    btf: bytesSection(byName, '.BTF'),
    btfExt: bytesSection(byName, '.BTF.ext'),
  };
}

function isExecutable(section: ElfSection): boolean {
  return (section.flags & EXECUTABLE) !== 0;
}

function uniqueNames(elf: ElfFile): ReadonlyMap<string, ElfSection> {
  const byName = new Map<string, ElfSection>();
  for (const section of elf.sections) {
    if (IGNORED.test(section.name)) continue;
    if (byName.has(section.name)) {
      throw refusal('EBPM_OBJECT_INVALID', `it has two sections "${section.name}"`, { section: section.name });
    }
    byName.set(section.name, section);
  }
  return byName;
}

function bytesSection(byName: ReadonlyMap<string, ElfSection>, name: string): ElfSection | undefined {
  const section = byName.get(name);
  if (section !== undefined && section.type !== SECTION_TYPE.progbits) {
    throw refusal(
      'EBPM_OBJECT_INVALID',
      `section "${name}" has type ${section.type}, wanted ${SECTION_TYPE.progbits}`,
      {
        section: name,
      },
    );
  }
  return section;
}
