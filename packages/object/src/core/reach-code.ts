import type { BpfObject, BpfProgram } from '../bpf-object.js';
import { type CodeFunction, type CodeIndex, type CodeSection, indexCode } from '../code/code-index.js';
import { constantData } from '../code/constant-data.js';
import { instructionKind } from '../code/instruction-kind.js';
import { type Callee, calleeAt, TooMuchCode } from '../code/walk-scope.js';
import type { ElfFile } from '../elf-file.js';
import { CORE_WALK_MAX_STEPS } from '../limits.js';
import { type PoisonScope, PoisonWalk } from './poison-walk.js';
import type { ResolvedRelocation } from './resolve-relocations.js';
import { type Evidence, isAsGood } from './walk-state.js';

/** How sure it is that the verifier comes somewhere. */
export type { Evidence } from './walk-state.js';

/** Where the verifier comes to an instruction that no kernel takes. */
export interface ReachedPoison extends Evidence {
  readonly resolved: ResolvedRelocation;
  /** The programs that it is in or that call the function it is in. */
  readonly programs: readonly string[];
}

/** A function of the kernel that the verifier sees a program call. */
export interface ReachedCall extends Evidence {
  readonly program: BpfProgram;
  readonly callee: Extract<Callee, { readonly kind: 'helper' | 'kernelFunction' }>;
}

/** How far into its context a program reads, as the verifier sees it. */
export interface ReachedContext extends Evidence {
  readonly program: BpfProgram;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** What the verifier comes to. */
export interface ReachedCode {
  readonly poison: readonly ReachedPoison[];
  /** One for each program and function. */
  readonly calls: readonly ReachedCall[];
  /** One for each program and place. */
  readonly context: readonly ReachedContext[];
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
  /** Whether the kernel has a symbol that a program asks for; default: nobody knows. */
  readonly hasSymbol?: (name: string) => boolean | undefined;
  /** Instructions that are passed before a program is taken to come to all of them. */
  readonly maxSteps?: number;
}

/**
 * Says what the verifier comes to: not what is behind a question that was answered with no (`bpf_core_field_exists`), nor what a constant
 * global shuts off, as it is in the object.
 */
export function reachCode(options: ReachOptions): ReachedCode {
  const { elf, object, resolved, settings = new Map(), hasSymbol = () => undefined } = options;
  const index = indexCode(elf, object);
  const places = new Map(resolved.map((one) => [placeOf(one.program.sectionIndex, instructionOf(one)), one]));
  const programs = index.functions.filter(({ program }) => object.programs.includes(program) && isLoaded(program));
  const spend = budget(options.maxSteps ?? CORE_WALK_MAX_STEPS);
  const found = new Findings();
  for (const code of programs) {
    walk(code, { elf, object, index, places, settings, hasSymbol, spend }, found);
  }
  return found.inOrder(resolved);
}

/** What walks have come to, each thing once, with the best evidence that there is. */
class Findings {
  readonly #poison = new Map<ResolvedRelocation, { readonly programs: Set<string>; evidence: Evidence }>();
  readonly #calls = new Map<string, ReachedCall>();
  readonly #context = new Map<string, ReachedContext>();

  poison(program: BpfProgram, one: ResolvedRelocation, evidence: Evidence): void {
    const before = this.#poison.get(one) ?? { programs: new Set(), evidence };
    before.programs.add(program.name);
    if (!isAsGood(before.evidence, evidence)) before.evidence = evidence;
    this.#poison.set(one, before);
  }

  call(program: BpfProgram, callee: Callee, { isCertain, setting }: Evidence): void {
    if (callee.kind !== 'helper' && callee.kind !== 'kernelFunction') return;
    const key = `${program.name} ${callee.kind === 'helper' ? callee.id : callee.name}`;
    keepBest(this.#calls, key, { program, callee, isCertain, setting });
  }

  context(program: BpfProgram, read: Pick<ReachedContext, 'offsetBytes' | 'sizeBytes'>, evidence: Evidence): void {
    const { isCertain, setting } = evidence;
    keepBest(this.#context, `${program.name} ${read.offsetBytes} ${read.sizeBytes}`, {
      program,
      ...read,
      isCertain,
      setting,
    });
  }

  inOrder(resolved: readonly ResolvedRelocation[]): ReachedCode {
    const poison = resolved.flatMap((one): ReachedPoison[] => {
      const reached = this.#poison.get(one);
      return reached === undefined ? [] : [{ resolved: one, programs: [...reached.programs], ...reached.evidence }];
    });
    return { poison, calls: [...this.#calls.values()], context: [...this.#context.values()] };
  }
}

function keepBest<Reached extends Evidence>(found: Map<string, Reached>, key: string, reached: Reached): void {
  const before = found.get(key);
  if (before === undefined || !isAsGood(before, reached)) found.set(key, reached);
}

interface Surroundings {
  readonly elf: ElfFile;
  readonly object: BpfObject;
  readonly index: CodeIndex;
  readonly places: ReadonlyMap<string, ResolvedRelocation>;
  readonly settings: ReadonlyMap<string, bigint>;
  readonly hasSymbol: (name: string) => boolean | undefined;
  readonly spend: (steps: number) => void;
}

/** A program that is too large to be walked is taken to come to everything that is in it or in a function of `.text`. */
function walk(code: CodeFunction, around: Surroundings, found: Findings): void {
  try {
    new PoisonWalk(scopeOf(code, around, found)).run(code);
  } catch (error) {
    if (!(error instanceof TooMuchCode)) throw error;
    noteAll(code, around, found);
  }
}

const UNCERTAIN: Evidence = { isCertain: false, setting: undefined };

function noteAll({ program }: CodeFunction, { index, places }: Surroundings, found: Findings): void {
  const isNear = (other: BpfProgram) => other === program || other.section === '.text';
  for (const one of places.values()) {
    if (isNear(one.program) && one.outcome.kind === 'poisoned') found.poison(program, one, UNCERTAIN);
  }
  for (const { section, start, end } of index.functions.filter((other) => isNear(other.program))) {
    for (const callee of callsIn(section, start, end, index)) found.call(program, callee, UNCERTAIN);
  }
}

function callsIn(section: CodeSection, start: number, end: number, index: CodeIndex): readonly Callee[] {
  const { instructions } = section;
  const callees: Callee[] = [];
  for (let at = start; at < end; at++) {
    const kind = instructionKind(instructions.opcode(at));
    if (kind === 'call') callees.push(calleeAt({ index }, section, at));
    if (kind === 'load64') at++;
  }
  return callees;
}

function scopeOf({ program }: CodeFunction, around: Surroundings, found: Findings): PoisonScope {
  const { elf, object, index, places, settings, hasSymbol, spend } = around;
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
    hasSymbol,
    isGlobal: ({ section, start }) => globals.has(placeOf(section.section.index, start)),
    constantAt: (section, offset, sizeBytes) => constants.numberAt(section, offset, sizeBytes),
    relocated(section, instruction) {
      const outcome = places.get(placeOf(section, instruction))?.outcome;
      if (outcome === undefined || outcome.kind === 'refused') return undefined;
      return outcome.kind === 'poisoned' ? 'poison' : outcome.value;
    },
    reached(section, instruction, evidence) {
      const one = places.get(placeOf(section, instruction));
      if (one !== undefined) found.poison(program, one, evidence);
    },
    called: (callee, evidence) => found.call(program, callee, evidence),
    readContext: (offsetBytes, sizeBytes, evidence) => found.context(program, { offsetBytes, sizeBytes }, evidence),
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
