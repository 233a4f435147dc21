import { uint64, viewOf } from './data-view.js';
import {
  type ElfSection,
  type ElfSymbol,
  SECTION_TYPE,
  SYMBOL_BINDINGS,
  SYMBOL_TYPES,
  UNDEFINED_SECTION,
} from './elf-file.js';
import { stringTable } from './elf-sections.js';
import { ELF_MAX_NAME_BYTES, ELF_MAX_SYMBOLS } from './limits.js';
import { refusal } from './refusal.js';
import type { StringTable } from './string-table.js';

/** Bytes of a symbol (Elf64_Sym). */
const SYMBOL_BYTES = 24;

/** SHN_ABS and SHN_COMMON: the two reserved section indexes that a symbol may have. */
const NO_SECTION = [0xfff1, 0xfff2];

/**
 * Reads the one symbol table of a file; empty where there is none.
 * @throws EBPM_ELF_INVALID, EBPM_ELF_UNSUPPORTED, EBPM_ELF_TOO_LARGE
 */
export function readElfSymbols(sections: readonly ElfSection[]): readonly ElfSymbol[] {
  const tables = sections.filter((section) => section.type === SECTION_TYPE.symtab);
  if (tables.length > 1) throw refusal('EBPM_ELF_INVALID', `it has ${tables.length} symbol tables, wanted one`);
  if (sections.some((section) => section.type === SECTION_TYPE.symtabShndx)) {
    throw refusal('EBPM_ELF_UNSUPPORTED', 'it has a table of extended section indexes');
  }
  const table = tables[0];
  if (table?.bytes === undefined) return [];
  const count = symbolCount(table);
  const view = viewOf(table.bytes);
  const names = stringTable(sections, table.link, 'the symbol names');
  const symbols: ElfSymbol[] = [];
  for (let index = 0; index < count; index++) {
    const symbol = readSymbol(view, index, names);
    checkSymbol(symbol, sections);
    symbols.push(symbol);
  }
  return symbols;
}

function symbolCount(table: ElfSection): number {
  if (table.entrySizeBytes !== SYMBOL_BYTES || table.sizeBytes % SYMBOL_BYTES !== 0) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `the symbol table has ${table.sizeBytes} bytes in entries of ${table.entrySizeBytes}, wanted ${SYMBOL_BYTES}`,
      { section: table.name },
    );
  }
  const count = table.sizeBytes / SYMBOL_BYTES;
  if (count > ELF_MAX_SYMBOLS) {
    throw refusal('EBPM_ELF_TOO_LARGE', `it has ${count} symbols, wanted at most ${ELF_MAX_SYMBOLS}`);
  }
  if (table.info > count) {
    throw refusal('EBPM_ELF_INVALID', `the symbol table has ${table.info} local symbols of ${count}`, {
      section: table.name,
    });
  }
  return count;
}

function readSymbol(view: DataView, index: number, names: StringTable): ElfSymbol {
  const at = index * SYMBOL_BYTES;
  const nameOffset = view.getUint32(at, true);
  const info = view.getUint8(at + 4);
  const name = names.at(nameOffset, ELF_MAX_NAME_BYTES);
  if (name === undefined) {
    throw refusal('EBPM_ELF_INVALID', `symbol ${index} has no valid name at ${nameOffset}`, { offsetBytes: at });
  }
  return {
    index,
    name,
    binding: SYMBOL_BINDINGS[info >>> 4] ?? 'other',
    type: SYMBOL_TYPES[info & 0xf] ?? 'other',
    sectionIndex: view.getUint16(at + 6, true),
    valueBytes: uint64(view, at + 8),
    sizeBytes: uint64(view, at + 16),
  };
}

function checkSymbol(symbol: ElfSymbol, sections: readonly ElfSection[]): void {
  const { index, name, sectionIndex, valueBytes, sizeBytes } = symbol;
  const end = valueBytes + sizeBytes;
  const section = sections[sectionIndex];
  if (section === undefined && !NO_SECTION.includes(sectionIndex)) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `symbol ${index} ("${name}") is in section ${sectionIndex}, there are ${sections.length}`,
    );
  }
  const limit =
    section === undefined || sectionIndex === UNDEFINED_SECTION ? Number.MAX_SAFE_INTEGER : section.sizeBytes;
  if (end > limit) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `symbol ${index} ("${name}") ends at byte ${end} of a section of ${section?.sizeBytes ?? 0}`,
      { section: section?.name ?? '', offsetBytes: valueBytes },
    );
  }
}
