import { KIND } from '../src/btf-layout.js';
import { viewOf } from '../src/data-view.js';
import type { ElfFile, ElfSection } from '../src/elf-file.js';
import { readElf } from '../src/read-elf.js';

/** A copy of an object in which single fields are overwritten; offsets are those of the ELF64 structures. */
export class ElfPatch {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #elf: ElfFile;
  readonly #sectionHeaders: number;

  constructor(original: Uint8Array) {
    this.bytes = original.slice();
    this.#view = viewOf(this.bytes);
    this.#elf = readElf(original);
    this.#sectionHeaders = Number(this.#view.getBigUint64(40, true));
  }

  find(name: string): ElfSection {
    const section = this.#elf.sections.find((candidate) => candidate.name === name);
    if (section === undefined) throw new Error(`the fixture has no section ${name}`);
    return section;
  }

  index(name: string): number {
    return this.find(name).index;
  }

  header(field: number, sizeBytes: number, value: number): void {
    this.#write(field, sizeBytes, value);
  }

  /** A field of a section's header. */
  section(name: string, field: number, sizeBytes: number, value: number): void {
    this.#write(this.#sectionHeaders + this.index(name) * 64 + field, sizeBytes, value);
  }

  /** The first byte of a section's name. */
  sectionName(name: string, value: number): void {
    const namesIndex = this.#view.getUint16(62, true);
    const names = this.#elf.sections[namesIndex]?.offsetBytes ?? 0;
    const nameOffset = this.#view.getUint32(this.#sectionHeaders + this.index(name) * 64, true);
    this.#write(names + nameOffset, 1, value);
  }

  /** Gives a section the name of another. */
  renameSection(name: string, to: string): void {
    const nameOffset = this.#view.getUint32(this.#sectionHeaders + this.index(to) * 64, true);
    this.section(name, 0, 4, nameOffset);
  }

  /** Bytes of a section. */
  inSection(name: string, at: number, sizeBytes: number, value: number): void {
    this.#write(this.find(name).offsetBytes + at, sizeBytes, value);
  }

  endOfSection(name: string, value: number): void {
    this.inSection(name, this.find(name).sizeBytes - 1, 1, value);
  }

  /** A field of a symbol. */
  symbol(name: string, field: number, sizeBytes: number, value: number): void {
    this.inSection('.symtab', this.#symbolIndex(name) * 24 + field, sizeBytes, value);
  }

  /** The offset of a symbol's name. */
  nameOf(symbolName: string): number {
    return this.#view.getUint32(this.find('.symtab').offsetBytes + this.#symbolIndex(symbolName) * 24, true);
  }

  /** Makes a defined variable one that is looked for elsewhere. */
  undefine(symbolName: string): void {
    this.symbol(symbolName, 4, 1, 0x10);
    this.symbol(symbolName, 6, 2, 0);
  }

  /** Where the first relocation of a section of code is. */
  firstRelocation(name: string): number {
    return this.#elf.relocationsOf(this.find(name))[0]?.offsetBytes ?? 0;
  }

  /** A word of the n-th variable of a section in BTF: type, offset, size at 0, 4, 8. */
  sectionVariable(name: string, variable: number, field: number, value: number): void {
    this.#write(this.#type(name, KIND.datasec) + 12 + variable * 12 + field, 4, value);
  }

  /** The size of a section in BTF. */
  datasecSize(name: string, value: number): void {
    this.#write(this.#type(name, KIND.datasec) + 8, 4, value);
  }

  /** The type of a variable in BTF. */
  variableType(name: string, typeId: number): void {
    this.#write(this.#type(name, KIND.var) + 8, 4, typeId);
  }

  /** A word of the table of `.BTF.ext` whose offset the header has at a place. */
  inExt(headerField: number, at: number, value: number): void {
    const ext = this.find('.BTF.ext').offsetBytes;
    const headerBytes = this.#view.getUint32(ext + 4, true);
    this.#write(ext + headerBytes + this.#view.getUint32(ext + headerField, true) + at, 4, value);
  }

  readExt(headerField: number, at: number): number {
    const ext = this.find('.BTF.ext').offsetBytes;
    const headerBytes = this.#view.getUint32(ext + 4, true);
    return this.#view.getUint32(ext + headerBytes + this.#view.getUint32(ext + headerField, true) + at, true);
  }

  /** A word of the header of `.BTF.ext`. */
  extHeader(field: number): number {
    return this.#view.getUint32(this.find('.BTF.ext').offsetBytes + field, true);
  }

  /** Replaces a string of BTF by one of the same length. */
  string(from: string, to: string): void {
    this.bytes.set(new TextEncoder().encode(to), this.#stringAt(from));
  }

  /** Puts other bytes, of any length, in the place of a section's. */
  replaceSection(name: string, content: Uint8Array): Uint8Array {
    this.section(name, 24, 8, this.bytes.length);
    this.section(name, 32, 8, content.length);
    const result = new Uint8Array(this.bytes.length + content.length);
    result.set(this.bytes);
    result.set(content, this.bytes.length);
    return result;
  }

  #symbolIndex(name: string): number {
    const symbol = this.#elf.symbols.find((candidate) => candidate.name === name);
    if (symbol === undefined) throw new Error(`the fixture has no symbol ${name}`);
    return symbol.index;
  }

  /** Where a type starts in the file: its name's offset is the first word, its kind the last byte of the second. */
  #type(name: string, kind: number): number {
    const btf = this.find('.BTF');
    const strings = btf.offsetBytes + 24 + this.#view.getUint32(btf.offsetBytes + 16, true);
    const nameOffset = this.#stringAt(name) - strings;
    for (let at = btf.offsetBytes + 24; at + 8 < strings; at += 4) {
      if (this.#view.getUint32(at, true) === nameOffset && this.bytes[at + 7] === kind) return at;
    }
    throw new Error(`the fixture has no type ${name}`);
  }

  #stringAt(text: string): number {
    const btf = this.find('.BTF');
    const wanted = `\0${text}\0`;
    const at = new TextDecoder('latin1').decode(btf.bytes).indexOf(wanted);
    if (at < 0) throw new Error(`the fixture has no string ${text}`);
    return btf.offsetBytes + at + 1;
  }

  #write(at: number, sizeBytes: number, value: number): void {
    if (sizeBytes === 1) this.#view.setUint8(at, value);
    else if (sizeBytes === 2) this.#view.setUint16(at, value, true);
    else if (sizeBytes === 4) this.#view.setUint32(at, value, true);
    else this.#view.setBigUint64(at, BigInt(value), true);
  }
}
