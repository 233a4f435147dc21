import type { BpfObject } from '../bpf-object.js';
import type { CodeFunction, CodeIndex, CodeSection, Reference } from './code-index.js';
import type { ConstantData } from './constant-data.js';
import { CALLED, INSTRUCTION_BYTES, LOADED } from './instructions.js';
import type { KnownValues } from './known-values.js';

/** What the walk of a function looks things up in. */
export interface WalkScope {
  readonly index: CodeIndex;
  readonly values: KnownValues;
  readonly data: ConstantData;
  /** Whether libbpf puts the offset of a field into an instruction. */
  isField(section: CodeSection, instruction: number): boolean;
  /** Takes a number of steps from what is left. @throws TooMuchCode */
  spend(steps: number): void;
}

/** Code is too large, or too tangled, to be walked along all its paths. */
export class TooMuchCode extends Error {}

/** What a call leads to. */
export type Callee =
  | { readonly kind: 'helper'; readonly id: number }
  | { readonly kind: 'kernelFunction'; readonly name: string }
  | { readonly kind: 'function'; readonly callee: CodeFunction }
  | { readonly kind: 'unknown' };

/**
 * What the call at an instruction leads to, as libbpf will make it.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_program__record_reloc, bpf_object__reloc_code)
 */
export function calleeAt(
  { index }: Pick<WalkScope, 'index'>,
  { section, instructions, references }: CodeSection,
  at: number,
): Callee {
  const source = instructions.source(at);
  const immediate = instructions.immediate(at);
  const reference = references.get(at);
  if (reference?.kind === 'extern') return { kind: 'kernelFunction', name: reference.name };
  if (reference?.kind === 'code' && source === CALLED.subprogram) {
    return functionAt(index, reference.section, reference.offsetBytes / INSTRUCTION_BYTES + immediate + 1);
  }
  if (reference !== undefined) return { kind: 'unknown' };
  switch (source) {
    case CALLED.helper:
      return { kind: 'helper', id: immediate };
    case CALLED.subprogram:
      return functionAt(index, section.index, at + immediate + 1);
    case CALLED.kernelFunction:
      return { kind: 'kernelFunction', name: `#${immediate}` };
    default:
      return { kind: 'unknown' };
  }
}

/** What the load of 64 bits at an instruction loads. */
export type Loaded =
  | Exclude<Reference, { readonly kind: 'code' }>
  | { readonly kind: 'function'; readonly callee: CodeFunction }
  | { readonly kind: 'number'; readonly value: number | undefined };

/** What the load of 64 bits at an instruction loads; a place in data with the immediate added. */
export function loadedAt(
  { index }: Pick<WalkScope, 'index'>,
  { section, instructions, references }: CodeSection,
  at: number,
): Loaded {
  const immediate = instructions.immediate(at);
  const reference = references.get(at);
  if (reference?.kind === 'data') return { ...reference, offsetBytes: reference.offsetBytes + immediate };
  if (reference?.kind === 'code') {
    return codeAt(index, reference.section, (reference.offsetBytes + immediate) / INSTRUCTION_BYTES);
  }
  if (reference !== undefined) return reference;
  switch (instructions.source(at)) {
    case LOADED.number: {
      const isSmall = at + 1 < instructions.count && instructions.immediate(at + 1) === immediate >> 31;
      return { kind: 'number', value: isSmall ? immediate : undefined };
    }
    case LOADED.code:
      return codeAt(index, section.index, at + immediate + 1);
    default:
      return { kind: 'unknown' };
  }
}

function codeAt(index: CodeIndex, section: number, instruction: number): Loaded {
  const found = functionAt(index, section, instruction);
  return found.kind === 'function' ? found : { kind: 'unknown' };
}

/** A call that leads into the middle of a function is taken for one of that function. */
function functionAt(index: CodeIndex, section: number, instruction: number): Callee {
  const callee = index.functionAt(section, instruction);
  return callee === undefined ? { kind: 'unknown' } : { kind: 'function', callee };
}

/** The instructions into which a CO-RE relocation puts where a field is, by the name of their section. */
export function fieldPlaces({ coreRelocations }: BpfObject): ReadonlyMap<string, ReadonlySet<number>> {
  const places = new Map<string, Set<number>>();
  for (const { kind, section, offsetBytes } of coreRelocations) {
    if (kind !== 'field_byte_offset') continue;
    const instructions = places.get(section) ?? new Set();
    places.set(section, instructions.add(offsetBytes / INSTRUCTION_BYTES));
  }
  return places;
}
