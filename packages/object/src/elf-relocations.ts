import { uint64, viewOf } from './data-view.js';
import { type ElfRelocation, type ElfSection, type ElfSymbol, SECTION_TYPE } from './elf-file.js';
import { ELF_MAX_RELOCATIONS } from './limits.js';
import { refusal } from './refusal.js';

/** Bytes of a relocation without addend (Elf64_Rel). */
const RELOCATION_BYTES = 16;

/**
 * Checks every relocation section of a file: its target, its entries, and the symbol and place of each of them.
 * @throws EBPM_ELF_INVALID, EBPM_ELF_UNSUPPORTED, EBPM_ELF_TOO_LARGE
 */
export function checkElfRelocations(sections: readonly ElfSection[], symbols: readonly ElfSymbol[]): void {
  let total = 0;
  for (const table of sections) {
    if (table.type === SECTION_TYPE.rela) {
      throw refusal('EBPM_ELF_UNSUPPORTED', `section ${table.index} has relocations with addends`, {
        section: table.name,
      });
    }
    if (table.type !== SECTION_TYPE.rel) continue;
    total += checkTable(table, sections);
    if (total > ELF_MAX_RELOCATIONS) {
      throw refusal('EBPM_ELF_TOO_LARGE', `it has ${total} relocations, wanted at most ${ELF_MAX_RELOCATIONS}`);
    }
    checkEntries(table, sections[table.info], symbols.length);
  }
}

/** The relocations of the section with that index, from tables that `checkElfRelocations` has passed. */
export function elfRelocationsOf(
  target: number,
  tables: readonly ElfSection[],
  symbols: readonly ElfSymbol[],
): readonly ElfRelocation[] {
  const relocations: ElfRelocation[] = [];
  for (const { info, bytes } of tables) {
    if (info !== target || bytes === undefined) continue;
    const view = viewOf(bytes);
    for (let at = 0; at < view.byteLength; at += RELOCATION_BYTES) {
      const symbol = symbols[view.getUint32(at + 12, true)];
      if (symbol === undefined) throw new TypeError('relocations were not checked');
      relocations.push({ offsetBytes: uint64(view, at), symbol, type: view.getUint32(at + 8, true) });
    }
  }
  return relocations;
}

function checkTable(table: ElfSection, sections: readonly ElfSection[]): number {
  if (table.entrySizeBytes !== RELOCATION_BYTES || table.sizeBytes % RELOCATION_BYTES !== 0) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `section ${table.index} has ${table.sizeBytes} bytes in entries of ${table.entrySizeBytes}, wanted ${RELOCATION_BYTES}`,
      { section: table.name },
    );
  }
  if (sections[table.link]?.type !== SECTION_TYPE.symtab) {
    throw refusal('EBPM_ELF_INVALID', `section ${table.index} takes its symbols from section ${table.link}`, {
      section: table.name,
    });
  }
  if (table.info === 0 || sections[table.info] === undefined) {
    throw refusal('EBPM_ELF_INVALID', `section ${table.index} relocates section ${table.info}`, {
      section: table.name,
    });
  }
  return table.sizeBytes / RELOCATION_BYTES;
}

function checkEntries(table: ElfSection, target: ElfSection | undefined, symbolCount: number): void {
  if (table.bytes === undefined) return;
  const view = viewOf(table.bytes);
  const targetBytes = target?.sizeBytes ?? 0;
  for (let at = 0; at < view.byteLength; at += RELOCATION_BYTES) {
    const offsetBytes = uint64(view, at);
    const symbolIndex = view.getUint32(at + 12, true);
    if (offsetBytes >= targetBytes) {
      throw refusal(
        'EBPM_ELF_INVALID',
        `relocation ${at / RELOCATION_BYTES} of "${table.name}" is at byte ${offsetBytes} of a section of ${targetBytes}`,
        { section: table.name, offsetBytes: at },
      );
    }
    if (symbolIndex >= symbolCount) {
      throw refusal(
        'EBPM_ELF_INVALID',
        `relocation ${at / RELOCATION_BYTES} of "${table.name}" has symbol ${symbolIndex}, there are ${symbolCount}`,
        { section: table.name, offsetBytes: at },
      );
    }
  }
}
