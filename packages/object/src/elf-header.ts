import { uint64, viewOf } from './data-view.js';
import { RESERVED_SECTIONS } from './elf-file.js';
import { ELF_MAX_BYTES, ELF_MAX_SECTIONS } from './limits.js';
import { refusal } from './refusal.js';

/** Bytes of an ELF64 file header (Elf64_Ehdr). */
const HEADER_BYTES = 64;

/** Bytes of an ELF64 section header (Elf64_Shdr). */
export const SECTION_HEADER_BYTES = 64;

/** ET_REL. */
const RELOCATABLE = 1;

/** EM_BPF. @see https://www.sco.com/developers/gabi/latest/ch4.eheader.html */
const MACHINE_BPF = 247;

/** Where the section headers of a file are. */
export interface ElfHeader {
  readonly sectionsOffsetBytes: number;
  readonly sectionCount: number;
  /** Index of the section that holds the names of sections. */
  readonly namesIndex: number;
}

/**
 * Reads the file header and says why a file is not an eBPF object.
 * @throws EBPM_ELF_INVALID, EBPM_ELF_UNSUPPORTED, EBPM_ELF_BIG_ENDIAN, EBPM_ELF_TOO_LARGE
 */
export function readElfHeader(bytes: Uint8Array): ElfHeader {
  checkIdentity(bytes);
  const view = viewOf(bytes);
  checkMachine(view);
  return readSectionTable(view);
}

function checkIdentity(bytes: Uint8Array): void {
  if (bytes.length > ELF_MAX_BYTES) {
    throw refusal('EBPM_ELF_TOO_LARGE', `it has ${bytes.length} bytes, wanted at most ${ELF_MAX_BYTES}`);
  }
  if (bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) {
    throw refusal('EBPM_ELF_INVALID', 'it does not start with the bytes 7f 45 4c 46', { offsetBytes: 0 });
  }
  if (bytes.length < HEADER_BYTES) {
    throw refusal('EBPM_ELF_INVALID', `it ends inside the file header, after ${bytes.length} bytes`);
  }
  if (bytes[4] !== 2) throw refusal('EBPM_ELF_UNSUPPORTED', 'it is not a 64-bit file', { offsetBytes: 4 });
  if (bytes[5] === 2) throw bigEndian(bytes);
  if (bytes[5] !== 1) throw refusal('EBPM_ELF_INVALID', `its byte order is ${bytes[5]}, wanted 1`, { offsetBytes: 5 });
  if (bytes[6] !== 1) throw refusal('EBPM_ELF_INVALID', `its version is ${bytes[6]}, wanted 1`, { offsetBytes: 6 });
}

/** Read far enough to tell an eBPF object for another kind of machine from what is no eBPF object at all. */
function bigEndian(bytes: Uint8Array): Error {
  const machine = viewOf(bytes).getUint16(18, false);
  if (machine !== MACHINE_BPF) return foreignMachine(machine);
  return refusal(
    'EBPM_ELF_BIG_ENDIAN',
    'it is an eBPF object for big-endian machines such as s390x, wanted little-endian',
    { offsetBytes: 5 },
    'Compile it with "clang --target=bpfel"',
  );
}

function foreignMachine(machine: number): Error {
  return refusal('EBPM_ELF_UNSUPPORTED', `it is for machine ${machine}, wanted ${MACHINE_BPF} (eBPF)`, {
    offsetBytes: 18,
  });
}

function checkMachine(view: DataView): void {
  const machine = view.getUint16(18, true);
  if (machine !== MACHINE_BPF) throw foreignMachine(machine);
  const type = view.getUint16(16, true);
  if (type !== RELOCATABLE) {
    throw refusal('EBPM_ELF_UNSUPPORTED', `its type is ${type}, wanted ${RELOCATABLE} (relocatable object)`, {
      offsetBytes: 16,
    });
  }
  const version = view.getUint32(20, true);
  if (version !== 1) throw refusal('EBPM_ELF_INVALID', `its version is ${version}, wanted 1`, { offsetBytes: 20 });
  const headerBytes = view.getUint16(52, true);
  if (headerBytes !== HEADER_BYTES) {
    throw refusal('EBPM_ELF_INVALID', `its header has ${headerBytes} bytes, wanted ${HEADER_BYTES}`, {
      offsetBytes: 52,
    });
  }
}

function readSectionTable(view: DataView): ElfHeader {
  const sectionsOffsetBytes = uint64(view, 40);
  const entryBytes = view.getUint16(58, true);
  const sectionCount = view.getUint16(60, true);
  const namesIndex = view.getUint16(62, true);
  if (entryBytes !== SECTION_HEADER_BYTES) {
    throw refusal('EBPM_ELF_INVALID', `its section headers have ${entryBytes} bytes, wanted ${SECTION_HEADER_BYTES}`, {
      offsetBytes: 58,
    });
  }
  if (sectionCount === 0 || sectionCount >= RESERVED_SECTIONS) {
    throw refusal('EBPM_ELF_INVALID', `it has ${sectionCount} section headers, wanted 1 or more`, { offsetBytes: 60 });
  }
  if (sectionCount > ELF_MAX_SECTIONS) {
    throw refusal('EBPM_ELF_TOO_LARGE', `it has ${sectionCount} sections, wanted at most ${ELF_MAX_SECTIONS}`);
  }
  if (sectionsOffsetBytes + sectionCount * SECTION_HEADER_BYTES > view.byteLength) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `its ${sectionCount} section headers at byte ${sectionsOffsetBytes} do not fit into ${view.byteLength} bytes`,
      { offsetBytes: 40 },
    );
  }
  if (namesIndex === 0 || namesIndex >= sectionCount) {
    throw refusal(
      'EBPM_ELF_INVALID',
      `its section names are in section ${namesIndex}, wanted 1 to ${sectionCount - 1}`,
      {
        offsetBytes: 62,
      },
    );
  }
  return { sectionsOffsetBytes, sectionCount, namesIndex };
}
