import type { BpfProgram } from './bpf-object.js';
import { viewOf } from './data-view.js';
import { type ElfFile, type ElfSection, RESERVED_SECTIONS } from './elf-file.js';
import { refusal } from './refusal.js';

/** Bytes of an eBPF instruction. @see https://www.rfc-editor.org/rfc/rfc9669#section-3 */
const INSTRUCTION_BYTES = 8;

/** BPF_LD | BPF_IMM | BPF_DW, which takes two slots, and BPF_JMP | BPF_CALL: what libbpf relocates. */
const LOAD_IMM64 = 0x18;
const CALL = 0x85;

/**
 * Reads the functions of all executable sections, with their relocations checked.
 * @throws EBPM_OBJECT_INVALID, EBPM_OBJECT_UNSUPPORTED
 */
export function readPrograms(
  elf: ElfFile,
  executable: readonly ElfSection[],
): { readonly programs: readonly BpfProgram[]; readonly subprograms: readonly BpfProgram[] } {
  const functions = executable.map((section) => {
    checkCodeRelocations(elf, section);
    return { section, functions: functionsOf(elf, section) };
  });
  const programs = functions.filter(({ section }) => section.name !== '.text').flatMap((entry) => entry.functions);
  checkNames(programs);
  return {
    programs,
    subprograms: functions.filter(({ section }) => section.name === '.text').flatMap((entry) => entry.functions),
  };
}

function functionsOf(elf: ElfFile, section: ElfSection): readonly BpfProgram[] {
  if (section.sizeBytes % INSTRUCTION_BYTES !== 0) {
    throw refusal('EBPM_OBJECT_INVALID', `section "${section.name}" has ${section.sizeBytes} bytes, no multiple of 8`, {
      section: section.name,
    });
  }
  const symbols = elf
    .symbolsOf(section)
    .filter((symbol) => symbol.type === 'func')
    .sort((left, right) => left.valueBytes - right.valueBytes);
  let end = 0;
  return symbols.map(({ name, binding, valueBytes, sizeBytes }) => {
    const place = { section: section.name, offsetBytes: valueBytes };
    if (name === '') throw refusal('EBPM_OBJECT_INVALID', `a function in "${section.name}" has no name`, place);
    if (valueBytes % INSTRUCTION_BYTES !== 0 || sizeBytes % INSTRUCTION_BYTES !== 0 || sizeBytes === 0) {
      throw refusal(
        'EBPM_OBJECT_INVALID',
        `function "${name}" has ${sizeBytes} bytes at byte ${valueBytes} of "${section.name}", wanted whole instructions`,
        place,
      );
    }
    if (valueBytes < end) {
      throw refusal('EBPM_OBJECT_INVALID', `function "${name}" overlaps the one before it in "${section.name}"`, place);
    }
    end = valueBytes + sizeBytes;
    if (section.name !== '.text' && binding === 'local') {
      throw refusal(
        'EBPM_OBJECT_UNSUPPORTED',
        `program "${name}" in section "${section.name}" is static, wanted global`,
        place,
        'Remove "static" from the function',
      );
    }
    return {
      name,
      section: section.name,
      sectionIndex: section.index,
      offsetBytes: valueBytes,
      instructionCount: sizeBytes / INSTRUCTION_BYTES,
    };
  });
}

function checkNames(programs: readonly BpfProgram[]): void {
  const names = new Set<string>();
  for (const { name, section } of programs) {
    if (names.has(name)) throw refusal('EBPM_OBJECT_INVALID', `it has two programs "${name}"`, { section });
    names.add(name);
  }
}

function checkCodeRelocations(elf: ElfFile, section: ElfSection): void {
  if (section.bytes === undefined) return;
  const view = viewOf(section.bytes);
  for (const { offsetBytes, symbol } of elf.relocationsOf(section)) {
    const place = { section: section.name, offsetBytes };
    if (symbol.sectionIndex >= RESERVED_SECTIONS) {
      throw refusal('EBPM_OBJECT_INVALID', `code refers to "${symbol.name}", which is in no section`, place);
    }
    const code = offsetBytes % INSTRUCTION_BYTES === 0 ? view.getUint8(offsetBytes) : undefined;
    const wide = code === LOAD_IMM64 && offsetBytes + 2 * INSTRUCTION_BYTES <= section.sizeBytes;
    if (!wide && code !== CALL) {
      throw refusal(
        'EBPM_OBJECT_INVALID',
        `byte ${offsetBytes} of "${section.name}" is relocated, but is no instruction that can be`,
        place,
      );
    }
  }
}
