/**
 * The parts of an ELF64 file that eBPF objects use. Numbers and layouts: System V ABI, chapters 4 and 5.
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
 */

/** Section types (sh_type) that have a meaning here. */
export const SECTION_TYPE = {
  null: 0,
  progbits: 1,
  symtab: 2,
  strtab: 3,
  rela: 4,
  nobits: 8,
  rel: 9,
  symtabShndx: 18,
} as const;

/** SHF_EXECINSTR: the section holds instructions. */
export const EXECUTABLE = 0x4;

/** The section index of a symbol that is defined elsewhere (SHN_UNDEF). */
export const UNDEFINED_SECTION = 0;

/** The first section index that stands for no section (SHN_LORESERVE). */
export const RESERVED_SECTIONS = 0xff00;

/** Symbol bindings, by number; others are 'other'. */
export const SYMBOL_BINDINGS = ['local', 'global', 'weak'] as const;

/** Symbol types, by number; others are 'other'. */
export const SYMBOL_TYPES = ['notype', 'object', 'func', 'section', 'file'] as const;

/** A section of an ELF file. */
export interface ElfSection {
  readonly index: number;
  readonly name: string;
  /** SHT_* number. */
  readonly type: number;
  /** SHF_* bits. */
  readonly flags: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** Index of a section whose meaning depends on the type. */
  readonly link: number;
  readonly info: number;
  readonly entrySizeBytes: number;
  /** A view into the file; undefined for a section without bytes in it (SHT_NOBITS). */
  readonly bytes: Uint8Array | undefined;
}

/** A symbol of an ELF file. */
export interface ElfSymbol {
  readonly index: number;
  readonly name: string;
  readonly binding: (typeof SYMBOL_BINDINGS)[number] | 'other';
  readonly type: (typeof SYMBOL_TYPES)[number] | 'other';
  /** A valid index of a section; 0 for undefined; 0xff00 and above for absolute and common symbols. */
  readonly sectionIndex: number;
  /** Offset in the section, where there is one; it and the size lie inside the section. */
  readonly valueBytes: number;
  readonly sizeBytes: number;
}

/** A relocation: the place in the section that is relocated, and the symbol that it takes the value of. */
export interface ElfRelocation {
  readonly offsetBytes: number;
  readonly symbol: ElfSymbol;
  /** R_BPF_* number. */
  readonly type: number;
}

/** A checked ELF file: every offset, size, index and name in it is valid. Made by `readElf`. */
export interface ElfFile {
  readonly sections: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
  /** The symbols of a section, in the order of the file. */
  symbolsOf(section: ElfSection): readonly ElfSymbol[];
  /** The relocations of a section, in the order of the file; empty where it has none. */
  relocationsOf(section: ElfSection): readonly ElfRelocation[];
}
