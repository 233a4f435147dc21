import type { EunomiaDataSection } from '@ebpm/formats';
import type { BpfObject } from '@ebpm/object';

/** Sections whose variables loaders of eunomia-bpf can set; they refuse a package that lists another one. */
const SETTABLE: ReadonlySet<string> = new Set(['.rodata', '.bss']);

/** The global variables that can be set before the start. Static ones are their file's own matter, as in bpftool's skeletons. */
export function dataSections({ dataSections: sections, btf }: BpfObject): readonly EunomiaDataSection[] {
  return sections
    .filter(({ name }) => SETTABLE.has(name))
    .map(({ name, variables }) => ({
      name,
      variables: variables
        .filter(({ linkage }) => linkage !== 'static')
        .map((variable) => ({ name: variable.name, type: withoutQualifiers(btf?.nameOf(variable.typeId) ?? '') })),
    }))
    .filter(({ variables }) => variables.length > 0);
}

/** `const volatile pid_t` is set like a `pid_t`. */
function withoutQualifiers(type: string): string {
  return type.replace(/^(?:(?:const|volatile) )+/, '');
}
