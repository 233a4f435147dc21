import type { BpfMap } from './bpf-object.js';
import type { ElfSection } from './elf-file.js';
import { readMapDefinition } from './read-map-definition.js';
import { refusal } from './refusal.js';
import { sectionVariables } from './section-variables.js';
import type { TypedElf } from './typed-elf.js';

/**
 * Reads the maps of section `.maps`, in order of offset.
 * @throws EBPM_OBJECT_INVALID, EBPM_OBJECT_UNSUPPORTED
 */
export function readMaps(typed: TypedElf | undefined, section: ElfSection | undefined): readonly BpfMap[] {
  if (section === undefined) return [];
  const place = { section: section.name };
  if (typed === undefined || !typed.datasecs.has(section.name)) {
    throw refusal('EBPM_OBJECT_INVALID', 'it has maps, but no types for them', place, 'Compile it with "-g"');
  }
  const { btf } = typed;
  return sectionVariables(typed, section).map(({ name, offsetBytes, typeId, linkage }) => {
    if (linkage !== 'global') {
      throw refusal('EBPM_OBJECT_UNSUPPORTED', `map "${name}" is ${linkage}, wanted global`, place);
    }
    const definition = btf.resolve(typeId);
    if (definition.kind !== 'struct') {
      throw refusal('EBPM_OBJECT_INVALID', `map "${name}" is "${btf.nameOf(typeId)}", wanted a struct`, place);
    }
    return { name, offsetBytes, ...readMapDefinition(btf, name, definition) };
  });
}
