import type { BpfObject, BpfProgram } from '../bpf-object.js';
import { type CodeFunction, indexCode } from '../code/code-index.js';
import { INSTRUCTION_BYTES } from '../code/instructions.js';
import { TooMuchCode } from '../code/walk-scope.js';
import type { ElfFile } from '../elf-file.js';
import { ARGUMENTS_MAX_STEPS } from '../limits.js';
import { ArgumentWalk } from './argument-walk.js';

/** A program takes an argument of the function that it is attached to for a pointer to a type. */
export interface ArgumentUse {
  readonly program: BpfProgram;
  /** From 0. */
  readonly argument: number;
  /** A struct or union of the object's own types. */
  readonly typeId: number;
}

/** What is looked through. */
export interface ArgumentUsesOptions {
  /** The file that `object` was read from. */
  readonly elf: ElfFile;
  readonly object: BpfObject;
  /** Where in its context a program finds the arguments, in bytes, in order; undefined for a program that has none. */
  readonly places: (program: BpfProgram) => readonly number[] | undefined;
}

/**
 * The types that programs take their arguments for, as CO-RE relocations of fields tell: an argument is read from the context, and the offset
 * of a field of a type is added to it. The types in the source do not tell, since clang keeps none of functions that are inlined.
 */
export function argumentUses({ elf, object, places }: ArgumentUsesOptions): readonly ArgumentUse[] {
  const fields = fieldTypes(object);
  if (fields.size === 0) return [];
  const { functions } = indexCode(elf, object);
  return functions.flatMap((code): readonly ArgumentUse[] => {
    const found = object.programs.includes(code.program) ? places(code.program) : undefined;
    return found === undefined ? [] : usesIn(code, found, fields);
  });
}

function usesIn(
  code: CodeFunction,
  places: readonly number[],
  fields: ReadonlyMap<string, number>,
): readonly ArgumentUse[] {
  const { program, section } = code;
  const uses = new Map<string, ArgumentUse>();
  let left = ARGUMENTS_MAX_STEPS;
  const walk = new ArgumentWalk(code, {
    argumentAt: (offset) => places.indexOf(offset),
    fieldAt: (at) => fields.get(`${section.section.name}:${at}`),
    used: (argument, typeId) => uses.set(`${argument}:${typeId}`, { program, argument, typeId }),
    spend() {
      left--;
      if (left < 0) throw new TooMuchCode();
    },
  });
  try {
    walk.run();
  } catch (error) {
    if (!(error instanceof TooMuchCode)) throw error;
  }
  return [...uses.values()];
}

/** The structs and unions whose fields instructions are about, by section and instruction. */
function fieldTypes({ btf, coreRelocations }: BpfObject): ReadonlyMap<string, number> {
  const types = new Map<string, number>();
  if (btf === undefined) return types;
  for (const { kind, section, offsetBytes, typeId } of coreRelocations) {
    const type = kind === 'field_byte_offset' ? btf.resolve(typeId) : undefined;
    if (type?.kind === 'struct' || type?.kind === 'union')
      types.set(`${section}:${offsetBytes / INSTRUCTION_BYTES}`, type.id);
  }
  return types;
}
