import { ElfPatch } from './elf-patch.js';

/** The same object, with every question for the existence of a type made one that only newer compilers ask: whether it matches. */
export function askWhetherTypesMatch(object: Uint8Array): Uint8Array {
  const patch = new ElfPatch(object);
  const [TYPE_EXISTS, TYPE_MATCHES, CORE_RELOCATIONS] = [8, 12, 24] as const;
  const count = patch.readExt(CORE_RELOCATIONS, 8);
  for (let index = 0; index < count; index++) {
    const kind = 12 + index * 16 + 12;
    if (patch.readExt(CORE_RELOCATIONS, kind) === TYPE_EXISTS) patch.inExt(CORE_RELOCATIONS, kind, TYPE_MATCHES);
  }
  return patch.bytes;
}
