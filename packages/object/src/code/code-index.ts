import type { BpfExtern, BpfObject, BpfProgram } from '../bpf-object.js';
import { type ElfFile, type ElfSection, type ElfSymbol, EXECUTABLE, UNDEFINED_SECTION } from '../elf-file.js';
import { essentialName } from '../essential-name.js';
import { INSTRUCTION_BYTES, Instructions } from './instructions.js';

/** A function of an object: a program or a subprogram. */
export interface CodeFunction {
  /** Its place among `CodeIndex.functions`. */
  readonly id: number;
  readonly program: BpfProgram;
  readonly section: CodeSection;
  /** The index of its first instruction in its section, and of the one after its last. */
  readonly start: number;
  readonly end: number;
}

/** An executable section. */
export interface CodeSection {
  readonly section: ElfSection;
  readonly instructions: Instructions;
  /** What instructions refer to, by their index. */
  readonly references: ReadonlyMap<number, Reference>;
}

/** What the relocation of an instruction refers to. */
export type Reference =
  | { readonly kind: 'map'; readonly name: string }
  /** A place in a data section, to which the instruction's immediate is added. */
  | { readonly kind: 'data'; readonly section: number; readonly offsetBytes: number }
  /** A place in a section of code, to which the instruction's immediate is added. */
  | { readonly kind: 'code'; readonly section: number; readonly offsetBytes: number }
  /** A kernel function or variable, without its flavour, or a setting of the kernel's configuration. */
  | { readonly kind: 'extern'; readonly name: string; readonly section: '.kconfig' | '.ksyms' }
  | { readonly kind: 'unknown' };

/** The functions of an object and what they refer to. */
export interface CodeIndex {
  /** Programs first, in the object's order, then subprograms. */
  readonly functions: readonly CodeFunction[];
  readonly sections: readonly CodeSection[];
  /** The function that starts at an instruction, or else the one that it is in. */
  functionAt(sectionIndex: number, instruction: number): CodeFunction | undefined;
}

/** Finds the functions of an object that `readObject` has made of the same file. */
export function indexCode(elf: ElfFile, object: BpfObject): CodeIndex {
  const targets = referenceTargets(elf, object);
  const sections = new Map<number, CodeSection>();
  const functions = [...object.programs, ...object.subprograms].map((program, id): CodeFunction => {
    const section = sections.get(program.sectionIndex) ?? codeSection(elf, targets, program.sectionIndex);
    sections.set(program.sectionIndex, section);
    const start = program.offsetBytes / INSTRUCTION_BYTES;
    return { id, program, section, start, end: start + program.instructionCount };
  });
  const bySection = new Map<number, CodeFunction[]>();
  for (const found of functions) {
    const list = bySection.get(found.program.sectionIndex) ?? [];
    list.push(found);
    bySection.set(found.program.sectionIndex, list);
  }
  return {
    functions,
    sections: [...sections.values()],
    functionAt: (sectionIndex, instruction) => search(bySection.get(sectionIndex) ?? [], instruction),
  };
}

/** `readPrograms` has sorted the functions of a section, and refused any that overlap. */
function search(functions: readonly CodeFunction[], instruction: number): CodeFunction | undefined {
  let low = 0;
  let high = functions.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = functions[middle];
    if (found === undefined) return undefined;
    if (instruction < found.start) high = middle - 1;
    else if (instruction >= found.end) low = middle + 1;
    else return found;
  }
  return undefined;
}

function codeSection(elf: ElfFile, targets: Targets, index: number): CodeSection {
  const section = elf.sections[index];
  if (section === undefined) throw new TypeError('the object is not of this file');
  const references = elf
    .relocationsOf(section)
    .map(({ offsetBytes, symbol }): [number, Reference] => [
      offsetBytes / INSTRUCTION_BYTES,
      referenceTo(symbol, targets),
    ]);
  return {
    section,
    instructions: new Instructions(section.bytes ?? new Uint8Array()),
    references: new Map(references),
  };
}

interface Targets {
  readonly sections: readonly ElfSection[];
  readonly mapsIndex: number | undefined;
  readonly maps: ReadonlyMap<number, string>;
  readonly data: ReadonlySet<number>;
  readonly externs: ReadonlyMap<string, BpfExtern>;
}

function referenceTargets({ sections }: ElfFile, { maps, dataSections, externs }: BpfObject): Targets {
  return {
    sections,
    mapsIndex: sections.find(({ name }) => name === '.maps')?.index,
    maps: new Map(maps.map(({ offsetBytes, name }) => [offsetBytes, name])),
    data: new Set(dataSections.map(({ sectionIndex }) => sectionIndex)),
    externs: new Map(externs.map((extern) => [extern.name, extern])),
  };
}

function referenceTo(symbol: ElfSymbol, { sections, mapsIndex, maps, data, externs }: Targets): Reference {
  const { sectionIndex, valueBytes: offsetBytes } = symbol;
  const map = sectionIndex === mapsIndex ? maps.get(offsetBytes) : undefined;
  if (map !== undefined) return { kind: 'map', name: map };
  const extern = sectionIndex === UNDEFINED_SECTION ? externs.get(symbol.name) : undefined;
  if (extern !== undefined) return { kind: 'extern', name: essentialName(extern.name), section: extern.section };
  if (data.has(sectionIndex)) return { kind: 'data', section: sectionIndex, offsetBytes };
  const isCode = ((sections[sectionIndex]?.flags ?? 0) & EXECUTABLE) !== 0;
  return isCode ? { kind: 'code', section: sectionIndex, offsetBytes } : { kind: 'unknown' };
}
