import type { EunomiaDataSection } from '@ebpm/formats';
import type { BpfObject } from '@ebpm/object';

/** Sections whose variables loaders of eunomia-bpf can set; they refuse a package that lists another one. */
const COMMON: ReadonlySet<string> = new Set(['.rodata', '.bss']);

/** Those, and what only ebpm sets: `.data`, and sections named after any of the three. */
const SETTABLE = /^\.(rodata|data|bss)(\.|$)/;

/** The global variables that can be set before the start, by who can set them. */
export interface SettableSections {
  /** Every loader. */
  readonly common: readonly EunomiaDataSection[];
  /** Only ebpm. */
  readonly own: readonly EunomiaDataSection[];
}

/** The global variables that can be set before the start. Static ones are their file's own matter, as in bpftool's skeletons. */
export function dataSections({ dataSections: sections, btf }: BpfObject): SettableSections {
  const settable = sections
    .filter(({ name }) => SETTABLE.test(name))
    .map(({ name, variables }) => ({
      name,
      variables: variables
        .filter(({ linkage }) => linkage !== 'static')
        .map((variable) => ({ name: variable.name, type: withoutQualifiers(btf?.nameOf(variable.typeId) ?? '') })),
    }))
    .filter(({ variables }) => variables.length > 0);
  return {
    common: settable.filter(({ name }) => COMMON.has(name)),
    own: settable.filter(({ name }) => !COMMON.has(name)),
  };
}

/** `const volatile pid_t` is set like a `pid_t`. */
function withoutQualifiers(type: string): string {
  return type.replace(/^(?:(?:const|volatile) )+/, '');
}
