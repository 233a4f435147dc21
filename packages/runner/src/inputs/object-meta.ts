import type { EunomiaMeta } from '@ebpm/formats';
import type { BpfObject } from '@ebpm/object';

/**
 * Metadata of an object that comes without: its maps and programs. Its variables are left to BTF, and so are the types of its
 * events.
 */
export function objectMeta(object: BpfObject, name: string): EunomiaMeta {
  return {
    bpf_skel: {
      obj_name: name,
      maps: object.maps.map((map) => ({ name: map.name, ident: map.name })),
      progs: object.programs.map((program) => ({
        name: program.name,
        attach: program.section.replace(/^\?/, ''),
        link: true,
      })),
      data_sections: [],
    },
    export_types: [],
  };
}

/** Bytes of a name that bpftool makes from a file's: MAX_OBJ_NAME_LEN - 1. */
const OBJECT_NAME_BYTES = 63;

/**
 * The name of an object that stands in no metadata: what bpftool makes of `x.bpf.o`, `x_bpf`. What has no name of a file (an
 * address with a query, standard input) is `program`.
 */
export function objectNameOf(source: string): string {
  const file = source.replace(/[?#].*$/, '').replace(/^.*\//, '');
  const stem = file
    .replace(/\.o$/, '')
    .replace(/[^A-Za-z0-9_]/g, '_')
    .slice(0, OBJECT_NAME_BYTES);
  return /[A-Za-z0-9]/.test(stem) ? stem : 'program';
}
