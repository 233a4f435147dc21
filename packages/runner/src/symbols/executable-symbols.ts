import { EXECUTABLE_MAX_SECTIONS, EXECUTABLE_MAX_SEGMENTS, EXECUTABLE_MAX_TABLE_BYTES } from '../limits.js';
import { type FoundSymbol, SymbolTable } from './symbol-table.js';

/** Reads bytes of a file; fewer than wanted at its end. */
export type ReadAt = (offsetBytes: number, sizeBytes: number) => Uint8Array;

/** The functions of an executable or a library. */
export interface ExecutableSymbols {
  /** The function whose code lies at that offset in the file. */
  find(fileOffsetBytes: number): FoundSymbol | undefined;
}

/**
 * Reads the symbols of an ELF64 little-endian file for x86-64 or arm64: those of `.symtab`, or of `.dynsym` in a file that was stripped.
 * Undefined for anything else, for a file that does not make sense, and for one without functions.
 *
 * Layouts: System V ABI, chapters 4 and 5.
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
 */
export function readExecutableSymbols(read: ReadAt): ExecutableSymbols | undefined {
  const header = read(0, HEADER_BYTES);
  if (!isKnownElf(header)) return undefined;
  const view = viewOf(header);
  const segments = readSegments(read, view);
  const sections = readSections(read, view);
  for (const type of [SYMTAB, DYNSYM]) {
    const table = sections.find((section) => section.type === type);
    const names = table === undefined ? undefined : sections[table.link];
    if (table === undefined || names?.type !== STRTAB) continue;
    const symbols = readFunctions(read, table, names);
    if (symbols === undefined || symbols.count === 0) continue;
    return {
      find: (fileOffsetBytes) => {
        const address = addressOf(segments, fileOffsetBytes);
        return address === undefined ? undefined : symbols.find(address);
      },
    };
  }
  return undefined;
}

const HEADER_BYTES = 64;
const SECTION_BYTES = 64;
const SEGMENT_BYTES = 56;
const SYMBOL_BYTES = 24;
const MACHINES: ReadonlySet<number> = new Set([62, 183]);
const EXECUTABLES: ReadonlySet<number> = new Set([2, 3]);
/** SHT_* */
const SYMTAB = 2;
const STRTAB = 3;
const DYNSYM = 11;
/** PT_LOAD */
const LOAD = 1;
/** STT_FUNC and STT_GNU_IFUNC */
const FUNCTIONS: ReadonlySet<number> = new Set([2, 10]);
/** The kernel's KSYM_NAME_LEN is 512; names of C++ reach some thousand. */
const NAME_MAX_BYTES = 4096;

interface Section {
  readonly type: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly link: number;
}

interface Segment {
  readonly offsetBytes: number;
  readonly address: number;
  readonly fileBytes: number;
}

function isKnownElf(header: Uint8Array): boolean {
  if (header.length < HEADER_BYTES) return false;
  const view = viewOf(header);
  const isElf64 = view.getUint32(0) === 0x7f45_4c46 && header[4] === 2 && header[5] === 1;
  return isElf64 && EXECUTABLES.has(view.getUint16(16, true)) && MACHINES.has(view.getUint16(18, true));
}

function readSegments(read: ReadAt, header: DataView): readonly Segment[] {
  const count = Math.min(header.getUint16(56, true), EXECUTABLE_MAX_SEGMENTS);
  if (header.getUint16(54, true) !== SEGMENT_BYTES) return [];
  return rows(read, { offsetBytes: uint64(header, 32), count, rowBytes: SEGMENT_BYTES }).flatMap((row) =>
    row.getUint32(0, true) === LOAD
      ? [{ offsetBytes: uint64(row, 8), address: uint64(row, 16), fileBytes: uint64(row, 32) }]
      : [],
  );
}

function readSections(read: ReadAt, header: DataView): readonly Section[] {
  const count = Math.min(header.getUint16(60, true), EXECUTABLE_MAX_SECTIONS);
  if (header.getUint16(58, true) !== SECTION_BYTES) return [];
  return rows(read, { offsetBytes: uint64(header, 40), count, rowBytes: SECTION_BYTES }).map((row) => ({
    type: row.getUint32(4, true),
    offsetBytes: uint64(row, 24),
    sizeBytes: uint64(row, 32),
    link: row.getUint32(40, true),
  }));
}

interface Rows {
  readonly offsetBytes: number;
  readonly count: number;
  readonly rowBytes: number;
}

/** As many rows of a table as the file has. */
function rows(read: ReadAt, { offsetBytes, count, rowBytes }: Rows): readonly DataView[] {
  const bytes = Number.isSafeInteger(offsetBytes) ? read(offsetBytes, count * rowBytes) : new Uint8Array(0);
  return Array.from({ length: Math.floor(bytes.length / rowBytes) }, (_, index) =>
    viewOf(bytes.subarray(index * rowBytes, (index + 1) * rowBytes)),
  );
}

function readFunctions(read: ReadAt, table: Section, strings: Section): SymbolTable | undefined {
  if (table.sizeBytes > EXECUTABLE_MAX_TABLE_BYTES || strings.sizeBytes > EXECUTABLE_MAX_TABLE_BYTES) return undefined;
  if (!Number.isSafeInteger(table.offsetBytes) || !Number.isSafeInteger(strings.offsetBytes)) return undefined;
  const view = viewOf(read(table.offsetBytes, table.sizeBytes));
  const names = read(strings.offsetBytes, strings.sizeBytes);
  const starts: number[] = [];
  const sizes: number[] = [];
  const nameAt: number[] = [];
  for (let at = 0; at + SYMBOL_BYTES <= view.byteLength; at += SYMBOL_BYTES) {
    const start = uint64(view, at + 8);
    const isDefined = view.getUint16(at + 6, true) !== 0 && start !== 0 && Number.isSafeInteger(start);
    if (!isDefined || !FUNCTIONS.has(view.getUint8(at + 4) & 0xf)) continue;
    starts.push(start);
    sizes.push(uint64(view, at + 16));
    nameAt.push(view.getUint32(at, true));
  }
  return new SymbolTable(Float64Array.from(starts), Float64Array.from(sizes), (index) =>
    nameFrom(names, nameAt[index] ?? 0),
  );
}

const TEXT = new TextDecoder();

function nameFrom(names: Uint8Array, at: number): string {
  const bytes = names.subarray(at, at + NAME_MAX_BYTES);
  const end = bytes.indexOf(0);
  return TEXT.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Where the code at an offset in the file is meant to lie, before the file is moved as a whole (PIE, libraries). */
function addressOf(segments: readonly Segment[], fileOffsetBytes: number): number | undefined {
  const segment = segments.find(
    ({ offsetBytes, fileBytes }) => fileOffsetBytes >= offsetBytes && fileOffsetBytes < offsetBytes + fileBytes,
  );
  return segment === undefined ? undefined : fileOffsetBytes - segment.offsetBytes + segment.address;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One that a double cannot hold becomes Infinity, which no check lets through. */
function uint64(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  return high > 0x1f_ffff ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + view.getUint32(at, true);
}
