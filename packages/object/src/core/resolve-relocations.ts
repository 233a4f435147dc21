/**
 * Resolves an object's CO-RE relocations against a kernel's types as libbpf does when it loads the object. For each relocation
 *
 *     object's type --- essential name, kind ---> candidates in the kernel's BTF
 *     access path   --- names, indexes --------> the same place in each candidate
 *     place         --- kind of relocation ----> a value, on which all candidates must agree
 *     value         ---------------------------> into the instruction
 *
 * As in libbpf, a candidate that does not have what one relocation asks for is no candidate for those after it, unless none has.
 * libbpf from 1.1 to 1.5 decides the same.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_calc_relo_insn)
 */
import type { BpfObject, BpfProgram, CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { CodeFunction, CodeSection } from '../code/code-index.js';
import { indexCode } from '../code/code-index.js';
import { INSTRUCTION_BYTES } from '../code/instructions.js';
import { coreRoots } from '../core-roots.js';
import type { ElfFile } from '../elf-file.js';
import { CORE_MAX_STEPS } from '../limits.js';
import type { OpenBtf } from '../open-btf.js';
import { refusal } from '../refusal.js';
import { CandidateLists, type TypesByName } from './candidate-lists.js';
import { type CoreMiss, CoreRefusal } from './core-miss.js';
import { type Patch, patchInstruction } from './patch-instruction.js';
import { type Calculated, RelocationCalculator } from './relocation-calculator.js';

/** What libbpf makes of one relocation. */
export interface ResolvedRelocation {
  readonly relocation: CoreRelocation;
  /** The function that it is in, and the instruction counted from its start. */
  readonly program: BpfProgram;
  readonly instruction: number;
  /** libbpf's number for it, in its messages: its place among those of the section. */
  readonly number: number;
  readonly outcome: CoreOutcome;
}

/** What becomes of an instruction. */
export type CoreOutcome =
  /** It holds what fits the kernel. */
  | ({ readonly kind: 'patched' } & Patch)
  /** It is one that no kernel takes: the object loads only where the verifier sees that no path leads to it. */
  | { readonly kind: 'poisoned'; readonly miss: CoreMiss }
  /** libbpf gives up the object. */
  | { readonly kind: 'refused'; readonly miss: CoreMiss };

/** What is resolved, and against which types. */
export interface ResolveOptions {
  /** The file that `object` was read from. */
  readonly elf: ElfFile;
  readonly object: BpfObject;
  readonly kernel: OpenBtf;
  /** The types of modules that may have some names, asked for where the kernel itself has one of them not; default: none. */
  readonly modules?: (names: readonly string[]) => readonly OpenBtf[];
  /** Whether a program is to be loaded; default: what libbpf loads unasked. Those of others are not resolved. */
  readonly isLoaded?: (program: BpfProgram) => boolean;
}

/**
 * All relocations of an object that libbpf looks at, in its order. Where it gives up at one, those after it are resolved all the same.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_TOO_LARGE
 */
export function resolveRelocations(options: ResolveOptions): readonly ResolvedRelocation[] {
  const { elf, object, isLoaded = loadsUnasked } = options;
  if (object.btf === undefined || object.coreRelocations.length === 0) return [];
  const code = indexCode(elf, object);
  const sections = new Map(code.sections.map((one) => [one.section.name, one]));
  const lists = candidateLists(object, object.btf, options);
  const calculator = new RelocationCalculator(object.btf, budget());
  const counts = new Map<string, number>();
  return object.coreRelocations.flatMap((relocation): ResolvedRelocation[] => {
    const number = counts.get(relocation.section) ?? 0;
    counts.set(relocation.section, number + 1);
    const section = sections.get(relocation.section);
    const at = relocation.offsetBytes / INSTRUCTION_BYTES;
    const place = section === undefined ? undefined : code.functionAt(section.section.index, at);
    // A weak function that a linker has put another in the place of is no function any more.
    if (section === undefined || place === undefined || !isLoaded(place.program)) return [];
    const outcome = outcomeOf(relocation, { section, place, at, lists, calculator });
    return [{ relocation, program: place.program, instruction: at - place.start, number, outcome }];
  });
}

function candidateLists(object: BpfObject, own: Btf, { kernel, modules }: ResolveOptions): CandidateLists {
  const roots = coreRoots(object);
  const ids = kernel.candidates(roots);
  let opened: readonly TypesByName[] | undefined;
  return new CandidateLists(own, { btf: kernel, ids }, () => {
    opened ??= (modules?.([...roots.keys()]) ?? []).map((btf) => ({ btf, ids: btf.candidates(roots) }));
    return opened;
  });
}

interface Surroundings {
  readonly section: CodeSection;
  readonly place: CodeFunction;
  readonly at: number;
  readonly lists: CandidateLists;
  readonly calculator: RelocationCalculator;
}

function outcomeOf(relocation: CoreRelocation, around: Surroundings): CoreOutcome {
  const { section, at, lists, calculator } = around;
  try {
    if (relocation.kind === 'type_id_local') return outcomeIn(section, at, calculator.local(relocation));
    const candidates = lists.of(relocation);
    const { calculated, matching } = calculator.among(relocation, candidates);
    lists.keep(relocation, matching);
    return outcomeIn(section, at, calculated);
  } catch (error) {
    if (error instanceof CoreRefusal) return { kind: 'refused', miss: error.miss };
    throw error;
  }
}

function outcomeIn({ instructions }: CodeSection, at: number, calculated: Calculated): CoreOutcome {
  if (calculated.kind === 'nothing') return { kind: 'poisoned', miss: calculated.miss };
  const patch = patchInstruction(instructions, at, calculated);
  if ('original' in patch) return { kind: 'patched', ...patch };
  const { code, isPoison, wanted, found } = patch;
  return { kind: isPoison ? 'poisoned' : 'refused', miss: { code, subject: calculated.subject, wanted, found } };
}

function loadsUnasked({ section }: BpfProgram): boolean {
  return !section.startsWith('?');
}

/** Steps that all relocations of an object have together. */
function budget(): (steps: number) => void {
  let left = CORE_MAX_STEPS;
  return (steps) => {
    left -= steps;
    if (left < 0) {
      throw refusal(
        'EBPM_BTF_TOO_LARGE',
        'its CO-RE relocations lead through more types than those of any real object',
      );
    }
  };
}
