import { MAX_DYNAMIC_BYTES, MAX_LIBRARY_NAME_BYTES, MAX_PROGRAM_HEADERS } from './limits.js';

/*
 * How a 64-bit ELF file names its libraries (System V gABI, chapter 5; https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html):
 *
 *   ELF header -> program headers -> PT_INTERP:  path of the dynamic loader
 *                                    PT_DYNAMIC: (tag, value) pairs; DT_NEEDED, DT_RPATH and DT_RUNPATH are offsets into the
 *                                                string table at the address DT_STRTAB, which a PT_LOAD maps to a file offset
 *
 * Read here rather than asked of ldd(1), which maps the file and starts its loader.
 */

/** What an executable or a shared object wants from the dynamic loader. */
export interface ElfDependencies {
  /** Path of the dynamic loader, for executables. */
  readonly interpreter: string | undefined;
  /** Names of the libraries (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Folders to look in first (DT_RUNPATH, else DT_RPATH), with `$ORIGIN` as written. */
  readonly searchPath: readonly string[];
}

/** Reads up to `length` bytes of a file at `offset`; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

const EM_X86_64 = 62;
const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;
const DT_RPATH = 15n;
const DT_RUNPATH = 29n;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const DYNAMIC_ENTRY_BYTES = 16;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly sizeBytes: number;
}

/**
 * Reads the dependencies of an x86-64 executable or shared object. Gives undefined for everything else that a guest may be handed:
 * other files, BPF objects, static programs, ELF files with something wrong in them. A wrong offset reads as an empty name.
 */
export async function readElfDependencies(readAt: ReadAt): Promise<ElfDependencies | undefined> {
  const segments = await readSegments(readAt);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return undefined;
  const tags = await readTags(readAt, dynamic);
  const strings = tags.find(([tag]) => tag === DT_STRTAB)?.[1];
  const stringOffset = strings === undefined ? undefined : fileOffset(segments, Number(strings));
  if (stringOffset === undefined) return undefined;
  const names = (wanted: bigint): Promise<string[]> =>
    Promise.all(
      tags.filter(([tag]) => tag === wanted).map(([, value]) => readName(readAt, stringOffset + Number(value))),
    );
  const [runPath] = await names(DT_RUNPATH);
  const [rPath] = await names(DT_RPATH);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  return {
    interpreter: interpreter === undefined ? undefined : await readName(readAt, interpreter.offset),
    needed: (await names(DT_NEEDED)).filter((name) => name !== ''),
    searchPath: (runPath ?? rPath ?? '').split(':').filter((folder) => folder !== ''),
  };
}

async function readSegments(readAt: ReadAt): Promise<Segment[]> {
  const header = view(await readAt(0, HEADER_BYTES));
  if (header.byteLength < HEADER_BYTES) return [];
  // 0x7f "ELF", then class 2 (64-bit) and encoding 1 (little-endian).
  if (header.getUint32(0) !== 0x7f454c46 || header.getUint16(4) !== 0x0201) return [];
  if (![ET_EXEC, ET_DYN].includes(header.getUint16(16, true)) || header.getUint16(18, true) !== EM_X86_64) return [];
  const count = Math.min(header.getUint16(56, true), MAX_PROGRAM_HEADERS);
  const table = view(await readAt(position(header, 32), count * PROGRAM_HEADER_BYTES));
  const whole = Math.floor(table.byteLength / PROGRAM_HEADER_BYTES);
  return Array.from({ length: whole }, (_, index) => {
    const at = index * PROGRAM_HEADER_BYTES;
    return {
      type: table.getUint32(at, true),
      offset: position(table, at + 8),
      address: position(table, at + 16),
      sizeBytes: position(table, at + 32),
    };
  });
}

async function readTags(readAt: ReadAt, { offset, sizeBytes }: Segment): Promise<[tag: bigint, value: bigint][]> {
  const bytes = view(await readAt(offset, Math.min(sizeBytes, MAX_DYNAMIC_BYTES)));
  return Array.from({ length: Math.floor(bytes.byteLength / DYNAMIC_ENTRY_BYTES) }, (_, index) => {
    const at = index * DYNAMIC_ENTRY_BYTES;
    return [bytes.getBigUint64(at, true), bytes.getBigUint64(at + 8, true)];
  });
}

function fileOffset(segments: readonly Segment[], address: number): number | undefined {
  const segment = segments.find(
    (load) => load.type === PT_LOAD && address >= load.address && address < load.address + load.sizeBytes,
  );
  return segment === undefined ? undefined : segment.offset + (address - segment.address);
}

async function readName(readAt: ReadAt, offset: number): Promise<string> {
  const bytes = Buffer.from(await readAt(offset, MAX_LIBRARY_NAME_BYTES));
  const end = bytes.indexOf(0);
  return end === -1 ? '' : bytes.toString('utf8', 0, end);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit offset as a number; one that no file can have becomes the largest safe one, where nothing can be read. */
function position(bytes: DataView, at: number): number {
  return Math.min(Number(bytes.getBigUint64(at, true)), Number.MAX_SAFE_INTEGER);
}
