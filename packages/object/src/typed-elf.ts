import type { Btf } from './btf.js';
import type { BtfDatasec } from './btf-type.js';
import type { ElfFile } from './elf-file.js';
import { ELF_MAX_SECTIONS } from './limits.js';
import { readBtf } from './read-btf.js';
import { refusal } from './refusal.js';

/** An ELF file together with its types. */
export interface TypedElf {
  readonly elf: ElfFile;
  readonly btf: Btf;
  /** The types of sections, by the section's name. */
  readonly datasecs: ReadonlyMap<string, BtfDatasec>;
}

/**
 * Reads the types of an object.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE; EBPM_OBJECT_INVALID for two types of one section
 */
export function typedElf(elf: ElfFile, btfBytes: Uint8Array): TypedElf {
  const btf = readBtf(btfBytes);
  const datasecs = new Map<string, BtfDatasec>();
  for (const type of btf.ofKind('datasec')) {
    if (type.kind !== 'datasec') continue;
    if (datasecs.has(type.name)) {
      throw refusal('EBPM_OBJECT_INVALID', `section "${type.name}" has two types`, { section: type.name });
    }
    if (datasecs.size === ELF_MAX_SECTIONS) {
      throw refusal('EBPM_BTF_TOO_LARGE', `it has types of more than ${ELF_MAX_SECTIONS} sections`);
    }
    datasecs.set(type.name, type);
  }
  return { elf, btf, datasecs };
}
