import type { DataVariable } from './bpf-object.js';
import type { BtfDatasec, BtfSectionVariable } from './btf-type.js';
import type { ElfSection, ElfSymbol } from './elf-file.js';
import { refusal } from './refusal.js';
import type { TypedElf } from './typed-elf.js';

/**
 * The variables of a section, in order of offset. clang leaves the size of the section and the offsets of global variables 0
 * in BTF and libbpf takes them from the symbol table; libbpf's linker fills them in. Where both say something they must agree.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (btf_fixup_datasec)
 * @throws EBPM_OBJECT_INVALID
 */
export function sectionVariables(typed: TypedElf, section: ElfSection): readonly DataVariable[] {
  const datasec = typed.datasecs.get(section.name);
  if (datasec === undefined) return [];
  if (datasec.sizeBytes > section.sizeBytes) {
    throw invalid(section, `it has ${section.sizeBytes} bytes, its types say ${datasec.sizeBytes}`);
  }
  const globals = typed.elf.symbolsOf(section).filter(({ binding }) => binding !== 'local');
  const symbols = new Map(globals.map((symbol) => [symbol.name, symbol]));
  const variables = datasec.variables
    .map((entry) => readVariable({ typed, section, datasec, symbols }, entry))
    .sort((left, right) => left.offsetBytes - right.offsetBytes);
  checkPlaces(section, variables);
  return variables;
}

interface Context {
  readonly typed: TypedElf;
  readonly section: ElfSection;
  readonly datasec: BtfDatasec;
  readonly symbols: ReadonlyMap<string, ElfSymbol>;
}

function readVariable({ typed, section, datasec, symbols }: Context, entry: BtfSectionVariable): DataVariable {
  const variable = typed.btf.type(entry.typeId);
  if (variable.kind !== 'var') throw invalid(section, `"${variable.name}" in it is no variable`);
  const { name, typeId, linkage } = variable;
  const stated = datasec.sizeBytes !== 0 || linkage === 'static' ? entry.offsetBytes : undefined;
  const symbol = linkage === 'static' ? undefined : symbols.get(name);
  const offsetBytes = stated ?? symbol?.valueBytes;
  if (offsetBytes === undefined) throw invalid(section, `it has no symbol for its variable "${name}"`);
  if (symbol !== undefined && symbol.valueBytes !== offsetBytes) {
    throw invalid(section, `variable "${name}" is at byte ${symbol.valueBytes}, its types say ${offsetBytes}`);
  }
  const typeBytes = typed.btf.hasSize(typeId) ? typed.btf.sizeOf(typeId) : 0;
  if (entry.sizeBytes < typeBytes) {
    throw invalid(section, `variable "${name}" has ${entry.sizeBytes} bytes, its type ${typeBytes}`);
  }
  return { name, offsetBytes, sizeBytes: entry.sizeBytes, typeId, linkage };
}

function checkPlaces(section: ElfSection, variables: readonly DataVariable[]): void {
  let end = 0;
  for (const { name, offsetBytes, sizeBytes } of variables) {
    if (offsetBytes < end) throw invalid(section, `variable "${name}" overlaps another at byte ${offsetBytes}`);
    end = offsetBytes + sizeBytes;
    if (end > section.sizeBytes)
      throw invalid(section, `variable "${name}" ends at byte ${end} of ${section.sizeBytes}`);
  }
}

function invalid(section: ElfSection, reason: string): Error {
  return refusal('EBPM_OBJECT_INVALID', `section "${section.name}": ${reason}`, { section: section.name });
}
