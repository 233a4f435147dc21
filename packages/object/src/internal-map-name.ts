/** Bytes of a kernel object's name without its NUL: BPF_OBJ_NAME_LEN - 1. */
const NAME_BYTES = 15;
/** Shorter section names are counted as this long, so that `.bss` and `.rodata` get the same prefix. */
const LEAST_SUFFIX = 7;

/**
 * The name that libbpf gives to the internal map of a data section: as much of the object's name as fits before the
 * section's. A section with a second dot (`.rodata.str1.1`) gets no prefix.
 *
 * @see https://github.com/libbpf/libbpf/blob/v1.1.2/src/libbpf.c internal_map_name()
 */
export function internalMapName(objectName: string, section: string): string {
  const suffix = Math.min(Math.max(LEAST_SUFFIX, section.length), NAME_BYTES);
  const prefix = section.includes('.', 1) ? 0 : NAME_BYTES - suffix;
  return `${objectName.slice(0, prefix)}${section.slice(0, suffix)}`.replace(/[^A-Za-z0-9_.]/g, '_');
}
