import { ElfPatch } from './elf-patch.js';

const TYPE_EXISTS = 8;
const TYPE_MATCHES = 12;
const RECORD_BYTES = 16;

/** The same object, with every question for the existence of a type made one that only newer compilers ask: whether it matches. */
export function askWhetherTypesMatch(object: Uint8Array): Uint8Array {
  const patch = new ElfPatch(object);
  // The offset of the table of relocations, in the header of .BTF.ext.
  const table = 24;
  const sizeBytes = patch.extHeader(table + 4);
  // u32 size of a record, then of each section: u32 name, u32 count, the records.
  for (let at = 4; at < sizeBytes; ) {
    const end = at + 8 + patch.readExt(table, at + 4) * RECORD_BYTES;
    for (let kind = at + 8 + 12; kind < end; kind += RECORD_BYTES) {
      if (patch.readExt(table, kind) === TYPE_EXISTS) patch.inExt(table, kind, TYPE_MATCHES);
    }
    at = end;
  }
  return patch.bytes;
}
