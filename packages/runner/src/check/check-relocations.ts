import { EbpmError } from '@ebpm/formats';
import {
  type CoreMiss,
  type ElfFile,
  type ReachedCode,
  type ReachedPoison,
  type ResolvedRelocation,
  reachCode,
  resolveRelocations,
} from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import { CORE_MISSES, type CoreMissWords } from './core-miss-words.js';
import type { Certainty, Finding } from './finding.js';
import type { Host } from './host.js';

/** What relocations are looked at with. */
export interface RelocationScope {
  readonly host: Host;
  /** The file that the package's object was read from. */
  readonly elf: ElfFile;
  /** What programs ask of the kernel's configuration and version, as far as it is known. */
  readonly settings: ReadonlyMap<string, bigint>;
  /** Whether the kernel has a symbol that programs ask for. */
  readonly hasSymbol: (name: string) => boolean | undefined;
  /** Names of programs without which the package runs. */
  readonly optional: ReadonlySet<string>;
}

/** What was found, and what the verifier comes to in the programs that are left. */
export interface CheckedRelocations {
  readonly findings: readonly Finding[];
  readonly reached: ReachedCode;
}

/**
 * Resolves every CO-RE relocation of the programs that a run loads, and walks the programs. What a run may leave out is left out where it
 * cannot be resolved.
 */
export function checkRelocations(pkg: RunnablePackage, scope: RelocationScope): CheckedRelocations {
  try {
    return findings(pkg, scope);
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    const reason = `its relocations cannot be resolved: ${error.message}`;
    const finding = {
      code: 'core_unknown',
      subject: SUBJECT,
      outcome: 'unknown',
      certainty: 'not checked',
      reason,
    } as const;
    return { findings: [finding], reached: { poison: [], calls: [], context: [] } };
  }
}

const SUBJECT = 'CO-RE relocations';

function findings(pkg: RunnablePackage, scope: RelocationScope): CheckedRelocations {
  const left = new Set<string>();
  const leftOut: Finding[] = [];
  for (;;) {
    const { resolved, stopping, reached } = resolve(pkg, scope, left);
    const without = stopping.filter(({ programs }) => programs.every((name) => scope.optional.has(name)));
    const names = new Set(without.flatMap(({ programs }) => programs));
    if (names.size === 0) {
      return { findings: [...summary(resolved, stopping), ...leftOut, ...grouped(stopping)], reached };
    }
    leftOut.push(...grouped(without));
    for (const name of names) left.add(name);
  }
}

/** A relocation for which libbpf or the kernel refuses the programs that it is in. */
interface Stopping {
  readonly miss: CoreMiss;
  readonly programs: readonly string[];
  readonly isCertain: boolean;
  /** A setting of the kernel that is not known, and decides about it. */
  readonly setting?: string | undefined;
}

function resolve(pkg: RunnablePackage, scope: RelocationScope, left: ReadonlySet<string>) {
  const { host, elf, settings, hasSymbol } = scope;
  const object = { ...pkg.object, programs: pkg.object.programs.filter(({ name }) => !left.has(name)) };
  const kernel = object.coreRelocations.length === 0 ? undefined : host.btf();
  const modules = (names: readonly string[]) => host.moduleBtfs(names);
  const resolved = kernel === undefined ? [] : resolveRelocations({ elf, object, kernel, modules });
  const refused = resolved.flatMap(({ program, outcome }): Stopping[] =>
    outcome.kind === 'refused' ? [{ miss: outcome.miss, programs: [program.name], isCertain: true }] : [],
  );
  const reached = reachCode({ elf, object, resolved, settings, hasSymbol });
  return { resolved, stopping: [...refused, ...reached.poison.flatMap(stoppingAt)], reached };
}

function stoppingAt({ resolved: { outcome }, programs, isCertain, setting }: ReachedPoison): readonly Stopping[] {
  return outcome.kind === 'poisoned' ? [{ miss: outcome.miss, programs, isCertain, setting }] : [];
}

/** What is well, in one line. */
function summary(resolved: readonly ResolvedRelocation[], stopping: readonly Stopping[]): readonly Finding[] {
  if (stopping.length > 0 || resolved.length === 0) return [];
  const unused = resolved.filter(({ outcome }) => outcome.kind === 'poisoned').length;
  const count = resolved.length;
  const fit = `${count - unused} of ${count} fit the types of this kernel`;
  const reason = unused === 0 ? fit : `${fit}, and no path leads to the others`;
  return [{ code: 'core', subject: SUBJECT, outcome: 'ok', certainty: 'proved', reason }];
}

/** Many relocations want the same: one finding for each program and what it wants, the one that says most. */
function grouped(stopping: readonly Stopping[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const stop of stopping) {
    for (const program of stop.programs) {
      const key = `${program} ${stop.miss.code} ${stop.miss.subject}`;
      const finding = findingOf(stop, program);
      const before = found.get(key);
      if (before === undefined || CERTAINTIES.indexOf(finding.certainty) < CERTAINTIES.indexOf(before.certainty)) {
        found.set(key, finding);
      }
    }
  }
  return [...found.values()];
}

const CERTAINTIES: readonly Certainty[] = ['proved', 'probed', 'inferred', 'not checked'];

function findingOf({ miss, isCertain, setting }: Stopping, program: string): Finding {
  const words: CoreMissWords = CORE_MISSES[miss.code];
  const about = {
    code: `core_${miss.code}`,
    subject: `program "${program}"`,
    program,
    cure: words.cure,
    wants: miss.subject,
  } as const;
  const reason = words.reason(miss);
  if (setting === undefined) {
    return { ...about, outcome: 'missing', certainty: isCertain ? 'proved' : 'inferred', reason };
  }
  const depends = `${reason}; whether the program wants it depends on ${setting}`;
  return { ...about, outcome: 'unknown', certainty: 'not checked', reason: depends };
}
