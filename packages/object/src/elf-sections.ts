import { uint64, viewOf } from './data-view.js';
import { type ElfSection, SECTION_TYPE } from './elf-file.js';
import { type ElfHeader, SECTION_HEADER_BYTES } from './elf-header.js';
import { ELF_MAX_NAME_BYTES, NOBITS_MAX_BYTES } from './limits.js';
import { refusal } from './refusal.js';
import { StringTable } from './string-table.js';

/**
 * Reads all section headers; the bytes of each section lie inside the file.
 * @throws EBPM_ELF_INVALID
 */
export function readElfSections(bytes: Uint8Array, header: ElfHeader): readonly ElfSection[] {
  const view = viewOf(bytes);
  const sections: (ElfSection & { name: string })[] = [];
  for (let index = 0; index < header.sectionCount; index++) {
    sections.push(readSection(bytes, view, index, header.sectionsOffsetBytes + index * SECTION_HEADER_BYTES));
  }
  const names = stringTable(sections, header.namesIndex, 'the section names');
  for (const section of sections) {
    const at = header.sectionsOffsetBytes + section.index * SECTION_HEADER_BYTES;
    const nameOffset = view.getUint32(at, true);
    const name = names.at(nameOffset, ELF_MAX_NAME_BYTES);
    if (name === undefined) {
      throw refusal('EBPM_ELF_INVALID', `section ${section.index} has no valid name at ${nameOffset}`, {
        offsetBytes: at,
      });
    }
    section.name = name;
  }
  return sections;
}

/** A section of NUL-terminated strings. @throws EBPM_ELF_INVALID when that section is none. */
export function stringTable(
  sections: readonly Pick<ElfSection, 'type' | 'bytes'>[],
  index: number,
  what: string,
): StringTable {
  const section = sections[index];
  if (section?.type !== SECTION_TYPE.strtab || section.bytes === undefined) {
    throw refusal('EBPM_ELF_INVALID', `${what} are in section ${index}, which is not a string table`);
  }
  if (section.bytes[0] !== 0 || section.bytes.at(-1) !== 0) {
    throw refusal('EBPM_ELF_INVALID', `${what} in section ${index} do not start and end with NUL`);
  }
  return new StringTable(section.bytes);
}

/** Its name is read later. */
function readSection(bytes: Uint8Array, view: DataView, index: number, at: number): ElfSection & { name: string } {
  const type = view.getUint32(at + 4, true);
  const flags = uint64(view, at + 8);
  const offsetBytes = uint64(view, at + 24);
  const sizeBytes = uint64(view, at + 32);
  const inFile = type !== SECTION_TYPE.nobits && type !== SECTION_TYPE.null;
  const fits = inFile ? offsetBytes + sizeBytes <= bytes.length : sizeBytes <= NOBITS_MAX_BYTES;
  if (!fits) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `section ${index} has ${sizeBytes} bytes at byte ${offsetBytes} of a file of ${bytes.length}`,
      { offsetBytes: at },
    );
  }
  if (!Number.isFinite(flags)) {
    throw refusal('EBPM_ELF_INVALID', `section ${index} has unknown flags`, { offsetBytes: at });
  }
  return {
    index,
    name: '',
    type,
    flags,
    offsetBytes,
    sizeBytes,
    link: view.getUint32(at + 40, true),
    info: view.getUint32(at + 44, true),
    entrySizeBytes: uint64(view, at + 56),
    bytes: inFile ? bytes.subarray(offsetBytes, offsetBytes + sizeBytes) : undefined,
  };
}
