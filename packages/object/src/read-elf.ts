import { type ElfFile, type ElfRelocation, type ElfSection, type ElfSymbol, SECTION_TYPE } from './elf-file.js';
import { readElfHeader } from './elf-header.js';
import { checkElfRelocations, elfRelocationsOf } from './elf-relocations.js';
import { readElfSections } from './elf-sections.js';
import { readElfSymbols } from './elf-symbols.js';

/**
 * Reads an ELF64 little-endian relocatable eBPF object. Every offset, size, count, link and name is checked; sections may
 * overlap. The result keeps views into `bytes`, which must not change afterwards.
 * @throws EBPM_ELF_INVALID, EBPM_ELF_UNSUPPORTED, EBPM_ELF_BIG_ENDIAN, EBPM_ELF_TOO_LARGE
 */
export function readElf(bytes: Uint8Array): ElfFile {
  const sections = readElfSections(bytes, readElfHeader(bytes));
  const symbols = readElfSymbols(sections);
  checkElfRelocations(sections, symbols);
  const bySection = groupBySection(symbols);
  return {
    sections,
    symbols,
    symbolsOf: (section) => bySection.get(section.index) ?? [],
    relocationsOf: relocationsByTarget(sections, symbols),
  };
}

/** The relocations of a section are read when they are asked for, which several do. */
function relocationsByTarget(sections: readonly ElfSection[], symbols: readonly ElfSymbol[]): ElfFile['relocationsOf'] {
  const known = new Map<number, readonly ElfRelocation[]>();
  const tables = sections.filter(({ type }) => type === SECTION_TYPE.rel);
  return ({ index }) => {
    const relocations = known.get(index) ?? elfRelocationsOf(index, tables, symbols);
    known.set(index, relocations);
    return relocations;
  };
}

function groupBySection(symbols: readonly ElfSymbol[]): ReadonlyMap<number, readonly ElfSymbol[]> {
  const groups = new Map<number, ElfSymbol[]>();
  for (const symbol of symbols) {
    const group = groups.get(symbol.sectionIndex);
    if (group === undefined) groups.set(symbol.sectionIndex, [symbol]);
    else group.push(symbol);
  }
  return groups;
}
