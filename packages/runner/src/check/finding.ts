import type { CoreMissCode } from '@ebpm/object';

/** Whether a package runs here, and the exit code of `ebpm check` for it. */
export const VERDICTS = { RUN: 0, DEGRADED: 3, 'WILL NOT RUN': 4, UNKNOWN: 5 } as const;

export type Verdict = keyof typeof VERDICTS;

/** The worst of some verdicts; one that is certainly bad is worse than one that is not known. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return (['WILL NOT RUN', 'UNKNOWN', 'DEGRADED'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'RUN';
}

/** How sure a finding is: it was done, the kernel was asked, it follows from something else, or nobody looked. */
export type Certainty = 'proved' | 'probed' | 'inferred' | 'not checked';

/** What a finding is about, for programs; `core_...` for each reason why a CO-RE relocation comes to nothing. */
export type FindingCode =
  | 'privilege'
  | 'kernel_btf'
  | 'program_type'
  | 'map_type'
  | 'map_definition'
  | 'memory'
  | 'attach_target'
  | 'feature'
  | 'helper'
  | 'kernel_function'
  | 'kernel_symbol'
  | 'kernel_setting'
  | 'struct_ops'
  | 'tracepoint_fields'
  | 'argument_missing'
  | 'event_type'
  | 'load'
  | 'argument_type'
  | 'tool'
  | 'wasm_module'
  | 'core'
  | 'core_unknown'
  | `core_${CoreMissCode}`;

/** One thing that was looked at. */
export interface Finding {
  readonly code: FindingCode;
  /** What it is about: `kernel`, `program "x"`, `map "x"`. */
  readonly subject: string;
  /** The program that it is about, where it is about one. */
  readonly program?: string;
  /** A warning changes no verdict: it would run, and not do what it says. */
  readonly outcome: 'ok' | 'missing' | 'unknown' | 'warning';
  readonly certainty: Certainty;
  /** What was found, without a full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly cure?: string;
  /** What the kernel said of it, a line each: the verifier's telling ones. */
  readonly log?: readonly string[];
  /** The kernel's type, field or value that is wanted, as `task_struct.se.vruntime`. */
  readonly wants?: string;
}

/** Programs of a package, by name, and those without which it runs. */
export interface Programs {
  readonly all: readonly string[];
  readonly optional: ReadonlySet<string>;
}

/**
 * What findings come to: one thing that is missing stops a run, one that is unknown leaves it open. A run leaves out a program without which
 * the package runs, unless none is left.
 */
export function verdictOf(findings: readonly Finding[], { all, optional }: Programs): Verdict {
  const missing = findings.filter(({ outcome }) => outcome === 'missing');
  const left = new Set(
    missing.flatMap(({ program }) => (program !== undefined && optional.has(program) ? [program] : [])),
  );
  const stops = missing.some(({ program }) => program === undefined || !left.has(program));
  if (stops || (left.size > 0 && all.every((name) => left.has(name)))) return 'WILL NOT RUN';
  if (findings.some(({ outcome }) => outcome === 'unknown')) return 'UNKNOWN';
  return left.size > 0 ? 'DEGRADED' : 'RUN';
}
