import type { BpfObject, BpfProgram } from '../bpf-object.js';
import { type CodeFunction, type CodeIndex, indexCode } from '../code/code-index.js';
import { constantData } from '../code/constant-data.js';
import { TooMuchCode } from '../code/walk-scope.js';
import type { ElfFile } from '../elf-file.js';
import { CORE_WALK_MAX_STEPS } from '../limits.js';
import { type PoisonScope, PoisonWalk } from './poison-walk.js';
import type { ResolvedRelocation } from './resolve-relocations.js';
import { type Evidence, isAsGood } from './walk-state.js';

/** Where the verifier comes to an instruction that no kernel takes. */
export interface ReachedPoison {
  readonly resolved: ResolvedRelocation;
  /** The programs that it is in or that call the function it is in. */
  readonly programs: readonly string[];
  /** Whether no branch on the way could be taken another way as far as we know; otherwise the verifier may know more than we do. */
  readonly isCertain: boolean;
  /** A setting of the kernel, of which we do not know what it is, that decides about it. */
  readonly setting: string | undefined;
}

/** What is walked through. */
export interface ReachOptions {
  /** The file that `object` was read from. */
  readonly elf: ElfFile;
  readonly object: BpfObject;
  /** What `resolveRelocations` makes of it. */
  readonly resolved: readonly ResolvedRelocation[];
  /** Settings of the kernel's configuration by name, as unsigned numbers; default: none is known. */
  readonly settings?: ReadonlyMap<string, bigint>;
  /** Instructions that are passed before a program is taken to come to all of them. */
  readonly maxSteps?: number;
}

/**
 * Says which of the instructions that libbpf has replaced by invalid ones the verifier comes to: not those behind a question that was answered
 * with no (`bpf_core_field_exists`), nor those that a constant global shuts off, as it is in the object.
 */
export function reachPoison(options: ReachOptions): readonly ReachedPoison[] {
  const { elf, object, resolved, settings = new Map(), maxSteps = CORE_WALK_MAX_STEPS } = options;
  if (!resolved.some(({ outcome }) => outcome.kind === 'poisoned')) return [];
  const index = indexCode(elf, object);
  const places = new Map(resolved.map((one) => [placeOf(one.program.sectionIndex, instructionOf(one)), one]));
  const found = new Map<ResolvedRelocation, { readonly programs: Set<string>; evidence: Evidence }>();
  const programs = index.functions.filter(({ program }) => object.programs.includes(program) && isLoaded(program));
  const spend = budget(maxSteps);
  for (const code of programs) {
    walk(code, { elf, object, index, places, settings, spend }, (one, evidence) => {
      const before = found.get(one) ?? { programs: new Set(), evidence };
      before.programs.add(code.program.name);
      if (!isAsGood(before.evidence, evidence)) before.evidence = evidence;
      found.set(one, before);
    });
  }
  return resolved.flatMap((one): ReachedPoison[] => {
    const reached = found.get(one);
    return reached === undefined ? [] : [{ resolved: one, programs: [...reached.programs], ...reached.evidence }];
  });
}

interface Surroundings {
  readonly elf: ElfFile;
  readonly object: BpfObject;
  readonly index: CodeIndex;
  readonly places: ReadonlyMap<string, ResolvedRelocation>;
  readonly settings: ReadonlyMap<string, bigint>;
  readonly spend: (steps: number) => void;
}

type Report = (resolved: ResolvedRelocation, evidence: Evidence) => void;

/** A program that is too large to be walked is taken to come to everything that is in it or in a function of `.text`. */
function walk(code: CodeFunction, around: Surroundings, report: Report): void {
  const { places } = around;
  try {
    new PoisonWalk(scopeOf(around, report)).run(code);
  } catch (error) {
    if (!(error instanceof TooMuchCode)) throw error;
    for (const one of places.values()) {
      const isNear = one.program === code.program || one.program.section === '.text';
      if (isNear && one.outcome.kind === 'poisoned') report(one, { isCertain: false, setting: undefined });
    }
  }
}

function scopeOf({ elf, object, index, places, settings, spend }: Surroundings, report: Report): PoisonScope {
  const constants = constantData(object);
  const globals = new Set(
    elf.symbols
      .filter(({ type, binding }) => type === 'func' && binding !== 'local')
      .map(({ sectionIndex, valueBytes }) => placeOf(sectionIndex, valueBytes / 8)),
  );
  return {
    index,
    spend,
    setting: (name) => settings.get(name),
    isGlobal: ({ section, start }) => globals.has(placeOf(section.section.index, start)),
    constantAt: (section, offset, sizeBytes) => constants.numberAt(section, offset, sizeBytes),
    relocated(section, instruction) {
      const outcome = places.get(placeOf(section, instruction))?.outcome;
      if (outcome === undefined || outcome.kind === 'refused') return undefined;
      return outcome.kind === 'poisoned' ? 'poison' : outcome.value;
    },
    reached(section, instruction, evidence) {
      const one = places.get(placeOf(section, instruction));
      if (one !== undefined) report(one, evidence);
    },
  };
}

function placeOf(section: number, instruction: number): string {
  return `${section}:${instruction}`;
}

/** In its section. */
function instructionOf({ program, instruction }: ResolvedRelocation): number {
  return program.offsetBytes / 8 + instruction;
}

function isLoaded({ section }: BpfProgram): boolean {
  return !section.startsWith('?');
}

/** Steps that all programs of an object have together. */
function budget(maxSteps: number): (steps: number) => void {
  let left = maxSteps;
  return (steps) => {
    left -= steps;
    if (left < 0) throw new TooMuchCode();
  };
}
