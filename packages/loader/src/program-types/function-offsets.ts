// The functions of an ELF file and where in the file their code stands: libbpf 1.1 looks up one name at a time, and no pattern.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';
import { MAX_FUNCTIONS, MAX_USER_SECTION_BYTES } from '../limits.js';

/**
 * The offsets of the functions whose names match a pattern (`*` any text, `?` any letter), in the order of the file, each once.
 * @throws EBPM_ATTACH_TARGET_MISSING when the file is no 64-bit little-endian ELF file, or too large
 */
export function functionOffsets(path: string, pattern: string): BigUint64Array {
  const descriptor = openSync(path, 'r');
  try {
    const wanted = patternTester(pattern);
    const file = new UserElf(descriptor, path);
    const offsets = new Set<bigint>();
    for (const section of file.sections.filter(({ type }) => type === SHT_SYMTAB || type === SHT_DYNSYM)) {
      for (const offset of file.functions(section, wanted)) offsets.add(offset);
    }
    if (offsets.size > MAX_FUNCTIONS) throw unusable(path, `more than ${MAX_FUNCTIONS} of its functions match`);
    return BigUint64Array.from([...offsets].sort((a, b) => (a < b ? -1 : 1)));
  } finally {
    closeSync(descriptor);
  }
}

function patternTester(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const regex = new RegExp(`^${source}$`);
  return (name) => regex.test(name);
}

/** elf(5): section types, program header types, symbol types. */
const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const PT_LOAD = 1;
const STT_FUNC = 2;
const EHDR_BYTES = 64;
const PHDR_BYTES = 56;
const SHDR_BYTES = 64;
const SYM_BYTES = 24;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

interface Segment {
  readonly offset: bigint;
  readonly address: bigint;
  readonly size: bigint;
}

/** As much of a 64-bit little-endian ELF file as tells where functions are. Every read stays within the file. */
class UserElf {
  readonly sections: readonly Section[];
  readonly #segments: readonly Segment[];
  readonly #descriptor: number;
  readonly #path: string;
  readonly #sizeBytes: number;

  constructor(descriptor: number, path: string) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#sizeBytes = fstatSync(descriptor).size;
    const header = this.#read(0, EHDR_BYTES);
    // \x7fELF, 64 bits, little-endian
    if (header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) {
      throw unusable(path, 'it is no 64-bit little-endian ELF file');
    }
    const segments = this.#table(Number(header.readBigUInt64LE(32)), header.readUInt16LE(56), PHDR_BYTES);
    this.#segments = segments
      .filter((entry) => entry.readUInt32LE(0) === PT_LOAD)
      .map((entry) => ({
        offset: entry.readBigUInt64LE(8),
        address: entry.readBigUInt64LE(16),
        size: entry.readBigUInt64LE(32),
      }));
    this.sections = this.#table(Number(header.readBigUInt64LE(40)), header.readUInt16LE(60), SHDR_BYTES).map(
      (entry) => ({
        type: entry.readUInt32LE(4),
        offset: Number(entry.readBigUInt64LE(24)),
        size: Number(entry.readBigUInt64LE(32)),
        link: entry.readUInt32LE(40),
      }),
    );
  }

  /** File offsets of the defined functions of a symbol table whose names are wanted. */
  *functions(table: Section, wanted: (name: string) => boolean): Generator<bigint> {
    const names = this.sections[table.link];
    if (names === undefined) return;
    const text = this.#read(names.offset, names.size);
    const symbols = this.#read(table.offset, table.size);
    for (let at = 0; at + SYM_BYTES <= symbols.length; at += SYM_BYTES) {
      const isFunction = ((symbols[at + 4] ?? 0) & 0xf) === STT_FUNC && symbols.readUInt16LE(at + 6) !== 0;
      if (!isFunction || !wanted(cString(text, symbols.readUInt32LE(at)))) continue;
      const offset = this.#fileOffset(symbols.readBigUInt64LE(at + 8));
      if (offset !== undefined) yield offset;
    }
  }

  #fileOffset(address: bigint): bigint | undefined {
    const segment = this.#segments.find((one) => address >= one.address && address < one.address + one.size);
    return segment === undefined ? undefined : address - segment.address + segment.offset;
  }

  #table(offset: number, count: number, entryBytes: number): readonly Buffer[] {
    const bytes = this.#read(offset, count * entryBytes);
    return Array.from({ length: count }, (_, index) => bytes.subarray(index * entryBytes, (index + 1) * entryBytes));
  }

  #read(offset: number, size: number): Buffer {
    if (size > MAX_USER_SECTION_BYTES) throw unusable(this.#path, `a part of it has ${size} bytes`);
    if (offset + size > this.#sizeBytes) throw unusable(this.#path, 'it is cut off');
    const bytes = Buffer.alloc(size);
    const got = readSync(this.#descriptor, bytes, 0, size, offset);
    if (got !== size) throw unusable(this.#path, 'it is cut off');
    return bytes;
  }
}

function cString(text: Buffer, start: number): string {
  const end = text.indexOf(0, start);
  return text.toString('latin1', start, end === -1 ? text.length : end);
}

function unusable(path: string, reason: string): EbpmError {
  return new EbpmError('EBPM_ATTACH_TARGET_MISSING', `Cannot read the functions of ${JSON.stringify(path)}: ${reason}`);
}
