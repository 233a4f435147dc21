import type { BpfObject, DataSection } from './bpf-object.js';
import type { Btf } from './btf.js';
import type { ElfFile } from './elf-file.js';
import { type ObjectSections, objectSections } from './object-sections.js';
import { type BtfExt, readBtfExt } from './read-btf-ext.js';
import { readElf } from './read-elf.js';
import { readExterns } from './read-externs.js';
import { readLicense } from './read-license.js';
import { readMaps } from './read-maps.js';
import { readPrograms } from './read-programs.js';
import { refusal } from './refusal.js';
import { sectionVariables } from './section-variables.js';
import { type TypedElf, typedElf } from './typed-elf.js';

/**
 * Reads an eBPF object (a `.bpf.o` file), as libbpf does but trusting nothing in it. The result keeps views into `bytes`,
 * which must not change afterwards.
 * @throws EBPM_ELF_*, EBPM_BTF_*, EBPM_OBJECT_INVALID, EBPM_OBJECT_UNSUPPORTED
 */
export function readObject(bytes: Uint8Array): BpfObject {
  return objectOf(readElf(bytes));
}

/** The same, of a file whose sections are read already. */
export function objectOf(elf: ElfFile): BpfObject {
  if (elf.symbols.length === 0)
    throw refusal('EBPM_OBJECT_INVALID', 'it has no symbol table, wanted one that is not stripped');
  const sections = objectSections(elf);
  const typed = sections.btf?.bytes === undefined ? undefined : typedElf(elf, sections.btf.bytes);
  return {
    ...readPrograms(elf, sections.executable),
    maps: readMaps(typed, sections.maps),
    dataSections: readDataSections(typed, sections),
    externs: readExterns(elf, typed),
    license: readLicense(sections.license),
    btf: typed?.btf,
    hasBtfExt: sections.btfExt !== undefined,
    ...readCodeTypes(typed?.btf, sections),
  };
}

function readDataSections(typed: TypedElf | undefined, sections: ObjectSections): readonly DataSection[] {
  return sections.data.map((section) => ({
    name: section.name,
    sectionIndex: section.index,
    sizeBytes: section.sizeBytes,
    bytes: section.bytes,
    variables: typed === undefined ? [] : sectionVariables(typed, section),
  }));
}

function readCodeTypes(btf: Btf | undefined, { btfExt, executable }: ObjectSections): BtfExt {
  if (btfExt?.bytes === undefined) return { functionTypes: [], coreRelocations: [] };
  if (btf === undefined) {
    throw refusal('EBPM_OBJECT_INVALID', 'it has ".BTF.ext" without ".BTF"', { section: '.BTF.ext' });
  }
  return readBtfExt(btfExt.bytes, btf, executable);
}
