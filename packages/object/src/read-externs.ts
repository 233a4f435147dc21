import type { BpfExtern } from './bpf-object.js';
import { type ElfFile, type ElfSymbol, UNDEFINED_SECTION } from './elf-file.js';
import { refusal } from './refusal.js';
import type { TypedElf } from './typed-elf.js';

const EXTERN_SECTIONS = ['.kconfig', '.ksyms'] as const;

/**
 * Reads what the object leaves to libbpf to find: symbols without a section, which BTF puts into `.kconfig` or `.ksyms`.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_object__collect_externs)
 * @throws EBPM_OBJECT_INVALID
 */
export function readExterns(elf: ElfFile, typed: TypedElf | undefined): readonly BpfExtern[] {
  const declared = new Map(EXTERN_SECTIONS.flatMap((section) => declaredIn(typed, section)));
  return elf.symbols.filter(isExtern).map((symbol) => {
    const found = declared.get(symbol.name);
    if (found === undefined) {
      throw refusal(
        'EBPM_OBJECT_INVALID',
        `"${symbol.name}" is not defined`,
        {},
        'Define it, or declare it with __kconfig or __ksym',
      );
    }
    return { name: symbol.name, ...found, weak: symbol.binding === 'weak' };
  });
}

function declaredIn(
  typed: TypedElf | undefined,
  section: BpfExtern['section'],
): [string, Pick<BpfExtern, 'section' | 'typeId'>][] {
  const variables = typed?.datasecs.get(section)?.variables;
  if (typed === undefined || variables === undefined) return [];
  return variables.map(({ typeId }) => {
    const type = typed.btf.type(typeId);
    if (section === '.kconfig' && type.kind === 'func') {
      throw refusal('EBPM_OBJECT_INVALID', `function "${type.name}" is in section ".kconfig"`, { section });
    }
    return [type.name, { section, typeId }];
  });
}

function isExtern(symbol: ElfSymbol): boolean {
  return (
    symbol.sectionIndex === UNDEFINED_SECTION &&
    symbol.type === 'notype' &&
    (symbol.binding === 'global' || symbol.binding === 'weak') &&
    symbol.name !== ''
  );
}
