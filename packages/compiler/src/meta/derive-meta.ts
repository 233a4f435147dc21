import { EbpmError, type EunomiaDataSection, type EunomiaMeta, type EunomiaSkel } from '@ebpm/formats';
import type { BpfObject } from '@ebpm/object';
import { docComments } from '../source/doc-comments.js';
import { annotated } from './annotated.js';
import { dataSections } from './data-sections.js';
import { exportTypes } from './export-types.js';
import { skeletonMaps } from './skeleton-maps.js';

/**
 * What stands in `eunomia_version`, which names the compiler that wrote a package. No loader reads it; it says that this was not
 * eunomia-bpf's own compiler, so that nobody looks for a mistake of ours there.
 */
export const COMPILER_VERSION = 'ebpm-0.1.0';

/** The variable whose doc comment is about the whole tool. */
const LICENSE_VARIABLE = 'LICENSE';

/** Bytes of a name that bpftool makes from a file name: MAX_OBJ_NAME_LEN - 1. */
const OBJECT_NAME_BYTES = 63;

/** What metadata is derived from. */
export interface MetaSources {
  readonly object: BpfObject;
  /** NAME of `NAME.bpf.c`. */
  readonly stem: string;
  /** Text of the C source, for its doc comments. */
  readonly sourceText: string;
  /** Structs of the event header, in its order. */
  readonly structs: readonly string[];
  /** Name of the event header, for errors. */
  readonly headerPath: string;
}

/**
 * The metadata of a package in eunomia-bpf's format, from the object, its BTF and the source's doc comments.
 * @throws EBPM_BUILD_NO_PROGRAM, EBPM_BUILD_NO_EVENT_STRUCT, EBPM_BUILD_ANNOTATION
 */
export function deriveMeta(sources: MetaSources): EunomiaMeta {
  return {
    bpf_skel: skeleton(sources),
    export_types: [...exportTypes(sources)],
    eunomia_version: COMPILER_VERSION,
  };
}

function skeleton({ object, stem, sourceText }: MetaSources): EunomiaSkel {
  if (object.programs.length === 0) {
    throw new EbpmError('EBPM_BUILD_NO_PROGRAM', `Cannot build "${stem}.bpf.c": it has no eBPF program`, {
      hint: 'Say with SEC("...") before a function where it attaches',
    });
  }
  const obj_name = objectName(stem);
  const maps = skeletonMaps(object, obj_name);
  // libbpf takes the question mark as "not loaded unless asked for" and leaves it out of the section's name.
  const progs = object.programs.map(({ name, section }) => ({ name, attach: section.replace(/^\?/, ''), link: true }));
  const { common, own } = dataSections(object);
  const names = [progs, maps, ...[...common, ...own].map(({ variables }) => variables)].flat().map(({ name }) => name);
  const docs = docComments(sourceText, new Set([...names, LICENSE_VARIABLE]));
  const doc = annotated({}, LICENSE_VARIABLE, docs);
  const withDocs = (sections: readonly EunomiaDataSection[]) =>
    sections.map(({ name, variables }) => ({
      name,
      variables: variables.map((variable) => annotated(variable, variable.name, docs)),
    }));
  return {
    obj_name,
    maps: maps.map((map) => annotated(map, map.ident, docs)),
    progs: progs.map((program) => annotated(program, program.name, docs)),
    data_sections: withDocs(common),
    ...(own.length === 0 ? {} : { ebpm_data_sections: withDocs(own) }),
    ...(Object.keys(doc).length === 0 ? {} : { doc }),
  };
}

/** The name that bpftool gives to the skeleton of `NAME.bpf.o`. */
function objectName(stem: string): string {
  return `${stem}.bpf`.slice(0, OBJECT_NAME_BYTES).replace(/[^A-Za-z0-9_]/g, '_');
}
