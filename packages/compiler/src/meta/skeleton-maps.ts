import type { EunomiaMap } from '@ebpm/formats';
import { type BpfObject, internalMapName } from '@ebpm/object';

/** Data sections that C code calls by a short name; a section with a second part gets its whole name. */
const PLAIN_SECTIONS: ReadonlySet<string> = new Set(['.rodata', '.data', '.bss', '.kconfig']);

/**
 * All maps of an object in the order in which libbpf lists them: those that the source declares, then those that hold its data
 * sections. `ident` and `mmaped` are what bpftool's skeletons say.
 * @param objectName Name that the object is opened with.
 */
export function skeletonMaps(object: BpfObject, objectName: string): readonly EunomiaMap[] {
  const declared = object.maps.map(({ name }) => ({ name, ident: name }));
  const sections = object.dataSections.map(({ name, variables }) => ({
    name: internalMapName(objectName, name),
    ident: sectionIdent(name),
    // Without a variable that other files could name, libbpf does not let user space map the section.
    ...(variables.some(({ linkage }) => linkage !== 'static') ? { mmaped: true } : {}),
  }));
  const kconfig = object.externs.some(({ section }) => section === '.kconfig')
    ? [{ name: internalMapName(objectName, '.kconfig'), ident: 'kconfig', mmaped: true }]
    : [];
  return [...declared, ...sections, ...kconfig];
}

function sectionIdent(section: string): string {
  return PLAIN_SECTIONS.has(section) ? section.slice(1) : section.slice(1).replace(/[^A-Za-z0-9_]/g, '_');
}
